"""Loops whose calls can't be made ahead keep their order, with the call awaited in its place."""

import pytest

from unblocker.rewrite.stage import rewrite


def looped(workshop, source):
    workshop.write("views.py", source)
    function = workshop.function(
        "views.py",
        {
            "function": "view",
            "loops": [
                {
                    "step": "for ",
                    "operation": {
                        "at": "requests.get(",
                        "form": "function",
                        "name": "django_unblock.http.get",
                    },
                }
            ],
        },
    )
    return rewrite(workshop.plan([function]), workshop.root, lambda text: None)


@pytest.mark.parametrize(
    "body",
    [
        "url = request.next()\n        answer = requests.get(url)",
        "answer = requests.get(request.url + str(total))\n        total = answer.json()",
        "for y in x:\n            answer = requests.get(y)",
        "x = x.lower()\n        answer = requests.get(x)",
        "f = [requests.get(u) for u in x]",
        "f = lambda: requests.get(x)",
        "if x:\n            answer = requests.get(x)",
        "answer = requests.get(x) if x else None",
        "answer = x and requests.get(x)",
        "if not x:\n            continue\n        answer = requests.get(x)",
        "while x:\n            answer = requests.get(x)",
        "try:\n            total = 1\n        except KeyError:\n            answer = requests.get(x)",
    ],
)
def test_a_call_that_depends_on_the_loop_keeps_its_place(workshop, body):
    source = (
        "import requests\n\n\ndef view(request, xs):\n    total = 0\n"
        f"    for x in xs:\n        {body}\n    return total\n"
    )
    changeset = looped(workshop, source)
    after = changeset.files[0].after
    assert "    for x in xs:\n" in after
    assert "overlap" not in after
    assert "U604" in {problem.code for problem in changeset.problems}


def test_a_loop_onto_an_attribute_keeps_its_place(workshop):
    source = "import requests\n\n\ndef view(request, xs):\n    for request.x in xs:\n        requests.get(request.x)\n"
    changeset = looped(workshop, source)
    assert "        await http.get(request.x)\n" in changeset.files[0].after
    assert [problem.code for problem in changeset.problems] == ["U604"]


@pytest.mark.parametrize(
    "statement",
    [
        "for y in requests.get(x).json():\n            total += y",
        "total += sum(y for y in requests.get(x).json())",
        "if requests.get(x).ok:\n            total += 1",
        "answer = 1 if requests.get(x).ok else 2",
        "with request as lock:\n            answer = requests.get(x)",
    ],
)
def test_a_call_made_once_for_each_item_is_made_ahead(workshop, statement):
    source = (
        "import requests\n\n\ndef view(request, xs):\n    total = 0\n"
        f"    for x in xs:\n        {statement}\n    return total\n"
    )
    changeset = looped(workshop, source)
    assert not changeset.problems
    after = changeset.files[0].after
    assert "        return await http.get(x)\n" in after
    assert "await answer" in after


def test_what_the_body_also_uses_stays_in_the_body(workshop):
    source = (
        "import requests\n\n\ndef view(request, xs):\n    for x in xs:\n"
        '        url = f"https://{x}"\n        answer = requests.get(url)\n        print(url, answer)\n'
    )
    after = looped(workshop, source).files[0].after
    assert after.count('url = f"https://{x}"') == 2
    assert "    async for x, answer_2 in overlap(ask, xs, limit=10):\n" in after
    assert "        answer = await answer_2\n" in after
