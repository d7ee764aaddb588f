"""Mazes of some thousand cells, and the ways through them."""

from typing import Tuple

import pytest
from mazes import Cell, Maze, a_star, breadth_first, distance

SIZE = 90
CORNERS: Tuple[Cell, Cell] = ((0, 0), (SIZE - 1, SIZE - 1))


@pytest.fixture(params=[1, 2])
def maze(request: pytest.FixtureRequest) -> Maze:
    return Maze.carve(SIZE, SIZE, seed=request.param)


def test_every_cell_is_reached_by_one_way(maze: Maze) -> None:
    doors = sum(len(others) for others in maze.doors.values()) // 2
    assert doors == SIZE * SIZE - 1
    assert breadth_first(maze, *CORNERS) is not None


def test_a_way_leads_through_doors(maze: Maze) -> None:
    way = a_star(maze, *CORNERS)
    assert way is not None
    assert (way[0], way[-1]) == CORNERS
    assert all(there in maze.doors[here] for here, there in zip(way, way[1:]))


def test_both_searches_find_ways_of_the_same_length(maze: Maze) -> None:
    maze.braid(seed=4)
    for goal in ((SIZE - 1, SIZE - 1), (SIZE // 2, 3), (7, SIZE - 8)):
        one = breadth_first(maze, (0, 0), goal)
        other = a_star(maze, (0, 0), goal)
        assert one is not None and other is not None
        assert len(one) == len(other) > distance((0, 0), goal)


def test_a_wall_all_around_leaves_no_way(maze: Maze) -> None:
    goal = (5, 5)
    for other in maze.doors[goal]:
        maze.doors[other].discard(goal)
    assert breadth_first(maze, (0, 0), goal) is None
    assert a_star(maze, (0, 0), goal) is None
