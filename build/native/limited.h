// What the stable ABI of Python 3.11 lacks, for the kernel in wheels: one for all versions of Python since then, which is
// somewhat slower where values of Python are made and read, and as fast where a scan spends its time.

#ifdef Py_LIMITED_API

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PyByteArray_AS_STRING PyByteArray_AsString
#define PyByteArray_GET_SIZE PyByteArray_Size
#define PyBytes_AS_STRING PyBytes_AsString
#define PyBytes_GET_SIZE PyBytes_Size
#define PyFloat_AS_DOUBLE PyFloat_AsDouble
#define PyList_SET_ITEM PyList_SetItem
#define PyTuple_SET_ITEM PyTuple_SetItem
#define PyMem_RawCalloc calloc
#define PyMem_RawFree free

#define PyTuple_GET_ITEM PyTuple_GetItem
#define PyTuple_GET_SIZE PyTuple_Size
#define PyUnicode_GET_LENGTH PyUnicode_GetLength

// Texts of ASCII, which are their own UTF-8.
#define PyUnicode_1BYTE_DATA(text) ((const uint8_t *)PyUnicode_AsUTF8AndSize(text, NULL))

static inline bool PyUnicode_IS_ASCII(PyObject *text) {
    Py_ssize_t size;
    if (PyUnicode_AsUTF8AndSize(text, &size)) return size == PyUnicode_GetLength(text);
    PyErr_Clear();
    return false;
}

static inline PyObject *ascii_text(const uint8_t *bytes, Py_ssize_t size) {
    return PyUnicode_DecodeASCII((const char *)bytes, size, NULL);
}

#undef PySequence_Fast_GET_SIZE
#undef PySequence_Fast_GET_ITEM
#define PySequence_Fast_GET_SIZE(row) (PyList_Check(row) ? PyList_Size(row) : PyTuple_Size(row))
#define PySequence_Fast_GET_ITEM(row, i) (PyList_Check(row) ? PyList_GetItem(row, i) : PyTuple_GetItem(row, i))

// Every machine that we build for is little-endian, and its double that of IEEE 754.
static inline int PyFloat_Pack8(double value, char *to, int is_little) {
    memcpy(to, &value, 8);
    return is_little - 1;
}

static inline double PyFloat_Unpack8(const char *from, int is_little) {
    double value;
    memcpy(&value, from, 8);
    return is_little ? value : 0;
}

// Before 3.13, those that count in Py_ssize_t have names of their own, which every version has and headers no longer give.
PyAPI_FUNC(int) _PyArg_ParseTuple_SizeT(PyObject *, const char *, ...);
PyAPI_FUNC(PyObject *) _Py_BuildValue_SizeT(const char *, ...);
#define PyArg_ParseTuple _PyArg_ParseTuple_SizeT
#define Py_BuildValue _Py_BuildValue_SizeT

#define TYPE_NAME(value) "this"
#define NEW_TUPLE(type, row) ((newfunc)PyType_GetSlot(&PyTuple_Type, Py_tp_new))((PyTypeObject *)(type), row, NULL)

#else

#include <stdint.h>
#include <string.h>

#define TYPE_NAME(value) Py_TYPE(value)->tp_name
#define NEW_TUPLE(type, row) PyTuple_Type.tp_new((PyTypeObject *)(type), row, NULL)

static inline PyObject *ascii_text(const uint8_t *bytes, Py_ssize_t size) {
    PyObject *text = PyUnicode_New(size, 127);
    if (text) memcpy(PyUnicode_1BYTE_DATA(text), bytes, (size_t)size);
    return text;
}

#endif
