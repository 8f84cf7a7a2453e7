import requests


def rates(request, pairs):
    total = 0
    answers = {}
    for code, (host, path) in pairs:
        url = f"https://{host}/{path}"
        name = code
        body = requests.get(url, timeout=3).json()
        answers[name] = body["rate"]
        total += 1
    else:
        answers["all"] = total

    ask = len(answers)
    return ask
