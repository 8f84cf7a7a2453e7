#!/usr/bin/env python
# -*- coding: utf-8 -*-
# A script-like module.

from django_unblock import gather


async def view(request):
    async def profile():
        return request.user.profile

    async def basket():
        return request.user.basket

    # Both at once.
    a, b = await gather(profile(), basket())
    return a, b
