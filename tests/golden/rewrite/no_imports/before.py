#!/usr/bin/env python
# -*- coding: utf-8 -*-
# A script-like module.


def view(request):
    a = request.user.profile
    b = request.user.basket
    return a, b
