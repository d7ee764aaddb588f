#pragma once

// Prototypes of the interpreter's calls that the library uses (stable ABI, CPython 3.7 and later), written by hand
// so that a build needs no Python headers and one binary fits every interpreter. The host process supplies the symbols.
// Source of each: Include/*.h of CPython 3.7.

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

typedef struct _object PyObject;
typedef struct _ts PyThreadState;
typedef ssize_t Py_ssize_t;

// Modules and functions (moduleobject.h, methodobject.h).
typedef PyObject *(*PyCFunction)(PyObject *, PyObject *);
typedef struct {
  const char *ml_name;
  PyCFunction ml_meth;
  int ml_flags;
  const char *ml_doc;
} PyMethodDef;
typedef struct {
  int slot;
  void *value;
} PyModuleDef_Slot;
typedef struct {
  Py_ssize_t ob_refcnt;
  void *ob_type;
  void *m_init;
  Py_ssize_t m_index;
  PyObject *m_copy;
} PyModuleDef_Base;
typedef struct {
  PyModuleDef_Base m_base;
  const char *m_name;
  const char *m_doc;
  Py_ssize_t m_size;
  PyMethodDef *m_methods;
  PyModuleDef_Slot *m_slots;
  void *m_traverse;
  void *m_clear;
  void *m_free;
} PyModuleDef;
enum { SPINETAIL_METH_VARARGS = 1 };
PyObject *PyModuleDef_Init(PyModuleDef *);

// Objects (object.h, tupleobject.h, listobject.h, dictobject.h, abstract.h).
void Py_IncRef(PyObject *);
void Py_DecRef(PyObject *);
PyObject *PyTuple_New(Py_ssize_t);
Py_ssize_t PyTuple_Size(PyObject *);
PyObject *PyTuple_GetItem(PyObject *, Py_ssize_t);  // borrowed; sets an exception out of range
int PyTuple_SetItem(PyObject *, Py_ssize_t, PyObject *);
PyObject *PyList_New(Py_ssize_t);
int PyList_SetItem(PyObject *, Py_ssize_t, PyObject *);
PyObject *PyList_GetItem(PyObject *, Py_ssize_t);  // borrowed
int PyList_Append(PyObject *, PyObject *);
PyObject *PyDict_New(void);
int PyDict_SetItemString(PyObject *, const char *, PyObject *);
Py_ssize_t PySequence_Size(PyObject *);
PyObject *PySequence_GetItem(PyObject *, Py_ssize_t);  // new reference
int PyObject_IsTrue(PyObject *);
PyObject *PyObject_CallObject(PyObject *, PyObject *);  // new reference
PyObject *PyBool_FromLong(long);

// Numbers and strings (longobject.h, floatobject.h, unicodeobject.h, bytesobject.h).
PyObject *PyLong_FromLongLong(long long);
long long PyLong_AsLongLong(PyObject *);
PyObject *PyLong_FromUnsignedLongLong(unsigned long long);
unsigned long long PyLong_AsUnsignedLongLong(PyObject *);
PyObject *PyFloat_FromDouble(double);
double PyFloat_AsDouble(PyObject *);
PyObject *PyUnicode_DecodeUTF8(const char *, Py_ssize_t, const char *);
PyObject *PyUnicode_AsEncodedString(PyObject *, const char *, const char *);
int PyBytes_AsStringAndSize(PyObject *, char **, Py_ssize_t *);  // sets an exception for another type
PyObject *PyBytes_FromStringAndSize(const char *, Py_ssize_t);

// Capsules (pycapsule.h).
typedef void (*PyCapsule_Destructor)(PyObject *);
PyObject *PyCapsule_New(void *, const char *, PyCapsule_Destructor);
void *PyCapsule_GetPointer(PyObject *, const char *);
const char *PyCapsule_GetName(PyObject *);

// Errors (pyerrors.h).
PyObject *PyErr_Occurred(void);
void PyErr_Clear(void);
void PyErr_SetString(PyObject *, const char *);
extern PyObject *PyExc_RuntimeError;
extern PyObject *PyExc_ValueError;
static inline PyObject *spinetail_runtime_error(void) { return PyExc_RuntimeError; }  // borrowed
static inline PyObject *spinetail_value_error(void) { return PyExc_ValueError; }

// The interpreter (pystate.h, ceval.h, pylifecycle.h).
PyThreadState *PyThreadState_Get(void);
PyThreadState *PyEval_SaveThread(void);
void PyEval_RestoreThread(PyThreadState *);
const char *Py_GetVersion(void);
int Py_AddPendingCall(int (*)(void *), void *);  // runs on the main thread

// libc calls that the Glibc module hides (no _GNU_SOURCE there) or can't import (variadic).
ssize_t process_vm_readv(pid_t, const struct iovec *, unsigned long, const struct iovec *, unsigned long, unsigned long);
int spinetail_prctl(int, unsigned long, unsigned long, unsigned long, unsigned long) __asm__("prctl");
int spinetail_sched_getaffinity(pid_t, size_t, void *) __asm__("sched_getaffinity");
int spinetail_sched_setaffinity(pid_t, size_t, const void *) __asm__("sched_setaffinity");
int spinetail_pipe2(int ends[2], int flags) __asm__("pipe2");
int spinetail_current_processor(void) __asm__("sched_getcpu");
int spinetail_set_thread_name(unsigned long thread, const char *name) __asm__("pthread_setname_np");
int spinetail_sched_setattr(const void *attributes);
int spinetail_gettid(void);
// Gives the calling thread a table of file descriptors of its own, an empty one (Linux 5.9).
int spinetail_unshare_descriptors(void);
// A pointer that each thread has for itself, null at first.
void *spinetail_own_descriptors(void);
void spinetail_set_own_descriptors(void *);
int spinetail_thread_exists(int thread_id);
// How often the calling thread was taken off its CPU.
long spinetail_context_switches(void);

// A futex on one word. `wait` returns when the word isn't `value` any more, on a wake, a signal, or at the absolute
// CLOCK_MONOTONIC time; negative nanoseconds mean no time limit.
void spinetail_futex_wait(const int32_t *word, int32_t value, int64_t deadline_nanoseconds);
void spinetail_futex_wake(const int32_t *word);

// Atomic access to words that another thread writes.
static inline uint64_t spinetail_load64(const void *p) { return __atomic_load_n((const uint64_t *)p, __ATOMIC_ACQUIRE); }
static inline int32_t spinetail_load32(const void *p) { return __atomic_load_n((const int32_t *)p, __ATOMIC_ACQUIRE); }
// What was read before stays before what is read after, also in other processors' eyes and by system calls.
static inline void spinetail_acquire_fence(void) { __atomic_thread_fence(__ATOMIC_ACQUIRE); }
static inline void spinetail_store32(void *p, int32_t v) { __atomic_store_n((int32_t *)p, v, __ATOMIC_SEQ_CST); }

// The address of the calling thread's control block, to which glibc's `__rseq_offset` is relative.
static inline uint64_t spinetail_thread_pointer(void) { return (uint64_t)__builtin_thread_pointer(); }

// A valid restartable-sequence descriptor that no code ever runs in: the kernel takes it out of a thread's rseq area
// when it preempts the thread. Null where the processor isn't supported.
const void *spinetail_preemption_marker(void);
static inline void spinetail_store64(void *p, uint64_t v) { __atomic_store_n((uint64_t *)p, v, __ATOMIC_SEQ_CST); }
