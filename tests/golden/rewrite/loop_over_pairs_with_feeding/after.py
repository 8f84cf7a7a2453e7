from django_unblock import http, overlap


async def rates(request, pairs):
    total = 0
    answers = {}

    async def ask_2(item):
        code, (host, path) = item
        url = f"https://{host}/{path}"
        return await http.get(url, timeout=3)

    async for (code, (host, path)), answer in overlap(ask_2, pairs, limit=4):
        name = code
        body = (await answer).json()
        answers[name] = body["rate"]
        total += 1
    else:
        answers["all"] = total

    ask = len(answers)
    return ask
