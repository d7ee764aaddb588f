#pragma once

// Counts the calling thread's allocations: the test executable's own malloc stands before the C library's.

// Begins to count from zero.
void allocation_counter_start(void);
// Ends counting, and gives how often memory was asked for or given back.
long allocation_counter_stop(void);
