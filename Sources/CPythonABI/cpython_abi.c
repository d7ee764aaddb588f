#define _GNU_SOURCE
#include "cpython_abi.h"

#include <errno.h>
#include <linux/futex.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// System calls that glibc 2.17 to 2.41 has no function for, with their arguments as the kernel wants them.

int spinetail_sched_setattr(const void *attributes) { return (int)syscall(SYS_sched_setattr, 0, attributes, 0); }

// linux/close_range.h and the number of the call, which older headers lack.
int spinetail_unshare_descriptors(void) {
  const int close_range = 436, unshare = 1 << 1;
  return (int)syscall(close_range, 0, ~0U, unshare);
}

static __thread void *own_descriptors;
void *spinetail_own_descriptors(void) { return own_descriptors; }
void spinetail_set_own_descriptors(void *descriptors) { own_descriptors = descriptors; }

int spinetail_gettid(void) { return (int)syscall(SYS_gettid); }

int spinetail_thread_exists(int thread_id) {
  return syscall(SYS_tgkill, getpid(), thread_id, 0) == 0 || errno != ESRCH;
}

long spinetail_context_switches(void) {
  struct rusage usage = {0};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw + usage.ru_nvcsw;
}

void spinetail_futex_wait(const int32_t *word, int32_t value, int64_t deadline_nanoseconds) {
  struct timespec time = {deadline_nanoseconds / 1000000000, deadline_nanoseconds % 1000000000};
  syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, value, deadline_nanoseconds < 0 ? NULL : &time, NULL,
          FUTEX_BITSET_MATCH_ANY);
}

void spinetail_futex_wake(const int32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0); }

// linux/rseq.h: struct rseq_cs. The signature that glibc registers (sysdeps/unix/sysv/linux/*/bits/rseq.h) must stand
// before the abort address. Four bytes follow the start: the sequence that nobody runs.
#if defined(__x86_64__)
#define MARKER_SIGNATURE ".long 0x53053053\n"
#define MARKER_ABORT "ud2\n"
#define MARKER_SEQUENCE "nop\nnop\nnop\nnop\nret\n"
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define MARKER_SIGNATURE ".p2align 2\n.inst 0xd428bc00\n"
#define MARKER_ABORT "brk #1\n"
#define MARKER_SEQUENCE "nop\nret\n"
#endif

#if defined(MARKER_SIGNATURE)
struct marker {
  uint32_t version, flags;
  uint64_t start, length, abort;
} __attribute__((aligned(32)));
__asm__(
    ".text\n" MARKER_SIGNATURE
    ".hidden spinetail_marker_abort\n.globl spinetail_marker_abort\n"
    "spinetail_marker_abort: " MARKER_ABORT
    ".hidden spinetail_marker_start\n.globl spinetail_marker_start\n"
    "spinetail_marker_start: " MARKER_SEQUENCE);
extern char spinetail_marker_abort[], spinetail_marker_start[];
static struct marker marker;
const void *spinetail_preemption_marker(void) {
  marker.start = (uint64_t)spinetail_marker_start;
  marker.length = 4;
  marker.abort = (uint64_t)spinetail_marker_abort;
  return &marker;
}
#else
const void *spinetail_preemption_marker(void) { return NULL; }
#endif
