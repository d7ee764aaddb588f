"""Builds mazes and finds ways through them."""

import heapq
import random
from collections import deque
from typing import Dict, Iterator, List, Optional, Set, Tuple

Cell = Tuple[int, int]


class Maze:
    """A rectangle of cells, of which some neighbours are connected."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.doors: Dict[Cell, Set[Cell]] = {
            (x, y): set() for x in range(width) for y in range(height)
        }

    @classmethod
    def carve(cls, width: int, height: int, seed: int) -> "Maze":
        """A maze with exactly one way between any two cells, the same for the same seed."""
        maze = cls(width, height)
        chance = random.Random(seed)
        path: List[Cell] = [(0, 0)]
        seen = {(0, 0)}
        while path:
            fresh = [cell for cell in maze.neighbours(path[-1]) if cell not in seen]
            if not fresh:
                path.pop()
                continue
            cell = chance.choice(fresh)
            maze.connect(path[-1], cell)
            seen.add(cell)
            path.append(cell)
        return maze

    def neighbours(self, cell: Cell) -> Iterator[Cell]:
        x, y = cell
        for other in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if other in self.doors:
                yield other

    def connect(self, one: Cell, other: Cell) -> None:
        self.doors[one].add(other)
        self.doors[other].add(one)

    def braid(self, seed: int) -> None:
        """Opens dead ends, so that there are several ways."""
        chance = random.Random(seed)
        for cell in sorted(self.doors):
            if len(self.doors[cell]) == 1:
                walls = [other for other in self.neighbours(cell) if other not in self.doors[cell]]
                self.connect(cell, chance.choice(walls))


def breadth_first(maze: Maze, start: Cell, goal: Cell) -> Optional[List[Cell]]:
    """A shortest way, by looking at all cells in the order of their distance."""
    came_from: Dict[Cell, Cell] = {start: start}
    waiting = deque([start])
    while waiting:
        cell = waiting.popleft()
        if cell == goal:
            return trace(came_from, goal)
        for other in maze.doors[cell]:
            if other not in came_from:
                came_from[other] = cell
                waiting.append(other)
    return None


def a_star(maze: Maze, start: Cell, goal: Cell) -> Optional[List[Cell]]:
    """A shortest way, looking first where the goal may be near."""
    cost = {start: 0}
    came_from = {start: start}
    waiting = [(distance(start, goal), start)]
    while waiting:
        _, cell = heapq.heappop(waiting)
        if cell == goal:
            return trace(came_from, goal)
        for other in maze.doors[cell]:
            if cost[cell] + 1 < cost.get(other, maze.width * maze.height):
                cost[other] = cost[cell] + 1
                came_from[other] = cell
                heapq.heappush(waiting, (cost[other] + distance(other, goal), other))
    return None


def distance(one: Cell, other: Cell) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def trace(came_from: Dict[Cell, Cell], goal: Cell) -> List[Cell]:
    way = [goal]
    while came_from[way[-1]] != way[-1]:
        way.append(came_from[way[-1]])
    return way[::-1]
