"""Integrates some functions with SymPy and checks the results by their derivatives.

Run it by itself or under the profiler: `spinetail examples/sympy_integrals.py`.
"""

from typing import Callable, Dict, List

from sympy import (
    Expr,
    Symbol,
    atan,
    cos,
    diff,
    exp,
    integrate,
    log,
    oo,
    pi,
    simplify,
    sin,
    sqrt,
)

x = Symbol("x")
positive = Symbol("a", positive=True)


def rational_functions() -> List[Expr]:
    return [
        antiderivative(1 / (x**3 + 1)),
        antiderivative((x**2 + 3) / (x**4 + 5 * x**2 + 4)),
        antiderivative(x**4 / (x**2 - 1) ** 2),
    ]


def products() -> List[Expr]:
    return [
        antiderivative(x**3 * exp(-x) * cos(x)),
        antiderivative(x**2 * log(x) ** 2),
        antiderivative(sin(x) ** 3 * cos(x) ** 2),
    ]


def definite_integrals() -> List[Expr]:
    return [
        integrate(exp(-positive * x**2), (x, -oo, oo)),
        integrate(sin(x) ** 4, (x, 0, pi)),
        integrate(1 / (1 + x**2), (x, -oo, oo)),
        integrate(sqrt(1 - x**2), (x, -1, 1)),
    ]


def antiderivative(function: Expr) -> Expr:
    """An integral of the function; raises ValueError if its derivative is another function."""
    result = integrate(function, x)
    check(function, result)
    return result


def check(function: Expr, result: Expr) -> None:
    if simplify(diff(result, x) - function) != 0:
        raise ValueError(f"{result} is no integral of {function}")


CHAPTERS: Dict[str, Callable[[], List[Expr]]] = {
    "Rational functions": rational_functions,
    "Products": products,
    "Definite integrals": definite_integrals,
}


def main() -> None:
    for title, chapter in CHAPTERS.items():
        print(title)
        for result in chapter():
            print("   ", result)
    print("    one more:", antiderivative(atan(x)))


if __name__ == "__main__":
    main()
