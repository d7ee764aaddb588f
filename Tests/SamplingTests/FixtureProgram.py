"""Says where a look at an interpreter begins, and then runs a program that stays where it is."""

import ctypes
import os
import sys

PROGRAM = """
from itertools import repeat

class Base:
    def start(self):
        return sorted([1], key=self.key)

    def key(self, value):
        return next(self.produce())

    def produce(self):
        seen = [self for _ in range(2)] and (lambda: self)
        yield seen().make()

    @classmethod
    def make(cls):
        return hide(300)

class Derived(Base):
    pass

def hide(depth):
    __tracebackhide__ = True
    return descend(depth)

def descend(depth):
    if depth:
        return descend(depth - 1)
    return set().isdisjoint(repeat(0))

def main():
    Derived().start()

main()
"""


def address(name: str) -> int:
    return ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, name))


ctypes.pythonapi.PyThreadState_Get.restype = ctypes.c_void_p
WORDS = {
    "process": os.getpid(),
    "minor": sys.version_info[1],
    "runtime": address("_PyRuntime"),
    "threadState": ctypes.pythonapi.PyThreadState_Get(),
    "codeType": address("PyCode_Type"),
    "cellType": address("PyCell_Type"),
    "builtInType": address("PyCFunction_Type"),
    "builtInMethodType": address("PyCMethod_Type"),
    "methodDescriptorType": address("PyMethodDescr_Type"),
    "moduleType": address("PyModule_Type"),
    "none": id(None),
}
print(*(f"{name}={value:x}" for name, value in WORDS.items()), flush=True)
exec(compile(PROGRAM, "/app/program.py", "exec"))
