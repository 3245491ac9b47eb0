"""Behaviour: each rule once, a small function of scalars, compiled and plain.

A Mesa agent calls a rule with its own numbers; a kernel inlines the same function. No rule knows
about files, configuration, arrays or generators: a draw comes in as a number.
"""
