// Plain values as bytes, and back: numbers, texts, bytes, None and rows of such. `packed` in complexity_guard.py gives the same
// bytes and says what each means. What is made of bytes from anywhere takes some dozens of times their memory at most.
#ifndef KERNEL_PACK_H
#define KERNEL_PACK_H

#include "squeeze.h"

enum { // the first byte of a value; one that is less is a number
    PACKED_NUMBER = 192,
    PACKED_NEGATIVE,
    PACKED_TEXT,
    PACKED_BYTES,
    PACKED_ROW,
    PACKED_NONE,
    PACKED_FALSE,
    PACKED_TRUE,
    PACKED_REAL,
    PACKED_SHORT = 224, // and above: a text of so many bytes more
    DEEPEST_ROW = 16,    // of rows in rows
    MOST_HEAD = 11,     // bytes before what a value holds
};

typedef struct {
    uint8_t *bytes;
    size_t size, room;
} Pack;

// Each of these says whether it could be done; else there is an exception.

static bool make_room(Pack *pack, size_t more) {
    if (pack->room - pack->size >= more) return true;
    size_t room = 2 * pack->room + more;
    uint8_t *bytes = room > INT32_MAX ? NULL : realloc(pack->bytes, room);
    if (!bytes) return PyErr_NoMemory(), false;
    pack->bytes = bytes, pack->room = room;
    return true;
}

static bool pack_head(Pack *pack, int kind, uint64_t number, size_t more) {
    if (more > INT32_MAX) return PyErr_NoMemory(), false;
    if (!make_room(pack, MOST_HEAD + more)) return false;
    uint8_t *to = pack->bytes + pack->size;
    *to++ = (uint8_t)kind;
    pack->size = (size_t)(put_number(to, number) - pack->bytes);
    return true;
}

static bool pack_byte(Pack *pack, int byte, size_t more) {
    if (!make_room(pack, 1 + more)) return false;
    pack->bytes[pack->size++] = (uint8_t)byte;
    return true;
}

static bool pack_held(Pack *pack, const void *bytes, size_t size) {
    memcpy(pack->bytes + pack->size, bytes, size);
    pack->size += size;
    return true;
}

static bool pack_number(Pack *pack, PyObject *value) {
    int misses;
    long long number = PyLong_AsLongLongAndOverflow(value, &misses);
    uint64_t large = (uint64_t)number;
    if (misses > 0) large = PyLong_AsUnsignedLongLong(value);
    if (misses < 0) PyErr_SetString(PyExc_OverflowError, "a number of more than 64 bits");
    if (misses && PyErr_Occurred()) return false;
    if (!misses && number < 0) return pack_head(pack, PACKED_NEGATIVE, ~large, 0);
    return large < PACKED_NUMBER ? pack_byte(pack, (int)large, 0) : pack_head(pack, PACKED_NUMBER, large, 0);
}

static bool pack_text(Pack *pack, PyObject *value) {
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(value, &size);
    if (!text) return false;
    bool is_short = size < BYTES - PACKED_SHORT;
    bool has_head = is_short ? pack_byte(pack, PACKED_SHORT + (int)size, (size_t)size)
                             : pack_head(pack, PACKED_TEXT, (uint64_t)size, (size_t)size);
    return has_head && pack_held(pack, text, (size_t)size);
}

static bool pack_bytes(Pack *pack, const char *bytes, Py_ssize_t size) {
    return pack_head(pack, PACKED_BYTES, (uint64_t)size, (size_t)size) && pack_held(pack, bytes, (size_t)size);
}

static bool pack_real(Pack *pack, double value) {
    if (!pack_byte(pack, PACKED_REAL, 8) || PyFloat_Pack8(value, (char *)pack->bytes + pack->size, 1)) return false;
    pack->size += 8;
    return true;
}

static bool pack_value(Pack *pack, PyObject *value, int depth);

static bool pack_row(Pack *pack, PyObject *row, int depth) {
    Py_ssize_t count = PySequence_Fast_GET_SIZE(row);
    if (depth == DEEPEST_ROW) return PyErr_SetString(PyExc_ValueError, "rows in rows in rows"), false;
    if (!pack_head(pack, PACKED_ROW, (uint64_t)count, (size_t)count)) return false;
    for (Py_ssize_t i = 0; i < count; i++)
        if (!pack_value(pack, PySequence_Fast_GET_ITEM(row, i), depth + 1)) return false;
    return true;
}

static bool pack_value(Pack *pack, PyObject *value, int depth) {
    if (PyLong_CheckExact(value)) return pack_number(pack, value);
    if (PyUnicode_Check(value)) return pack_text(pack, value);
    if (PyTuple_Check(value) || PyList_Check(value)) return pack_row(pack, value, depth);
    if (value == Py_None) return pack_byte(pack, PACKED_NONE, 0);
    if (PyFloat_Check(value)) return pack_real(pack, PyFloat_AS_DOUBLE(value));
    if (PyBool_Check(value)) return pack_byte(pack, value == Py_True ? PACKED_TRUE : PACKED_FALSE, 0);
    if (PyBytes_Check(value)) return pack_bytes(pack, PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value));
    if (PyByteArray_Check(value)) return pack_bytes(pack, PyByteArray_AS_STRING(value), PyByteArray_GET_SIZE(value));
    PyErr_Format(PyExc_TypeError, "%.80s is no plain value", TYPE_NAME(value));
    return false;
}

// The way back: a new reference, or NULL with an exception.

static PyObject *no_pack(void) {
    PyErr_SetString(PyExc_ValueError, "nothing that was packed");
    return NULL;
}

static PyObject *unpack_held(Reader *reader, int kind, uint64_t size) {
    if (size > (uint64_t)(reader->end - reader->at)) return no_pack();
    const char *held = (const char *)reader->at;
    reader->at += size;
    if (kind == PACKED_BYTES) return PyBytes_FromStringAndSize(held, (Py_ssize_t)size);
    return PyUnicode_DecodeUTF8(held, (Py_ssize_t)size, NULL);
}

static PyObject *unpack_value(Reader *reader, int depth);

static PyObject *unpack_row(Reader *reader, uint64_t count, int depth) {
    if (depth == DEEPEST_ROW || count > (uint64_t)(reader->end - reader->at)) return no_pack(); // each takes a byte or more
    PyObject *row = PyTuple_New((Py_ssize_t)count);
    for (uint64_t i = 0; row && i < count; i++) {
        PyObject *value = unpack_value(reader, depth + 1);
        if (value) PyTuple_SET_ITEM(row, (Py_ssize_t)i, value);
        else Py_CLEAR(row);
    }
    return row;
}

static PyObject *unpack_plain(Reader *reader, int kind) {
    if (kind == PACKED_REAL && reader->end - reader->at >= 8) {
        reader->at += 8;
        return PyFloat_FromDouble(PyFloat_Unpack8((const char *)reader->at - 8, 1));
    }
    if (kind == PACKED_NONE) Py_RETURN_NONE;
    if (kind == PACKED_FALSE) Py_RETURN_FALSE;
    if (kind == PACKED_TRUE) Py_RETURN_TRUE;
    return no_pack();
}

static PyObject *unpack_value(Reader *reader, int depth) {
    uint64_t number;
    if (reader->at == reader->end) return no_pack();
    int kind = *reader->at++;
    if (kind < PACKED_NUMBER) return PyLong_FromLong(kind);
    if (kind >= PACKED_SHORT) return unpack_held(reader, PACKED_TEXT, (uint64_t)(kind - PACKED_SHORT));
    if (kind >= PACKED_NONE) return unpack_plain(reader, kind);
    if (!read_number(reader, &number)) return no_pack();
    if (kind == PACKED_NUMBER) return PyLong_FromUnsignedLongLong(number);
    if (kind == PACKED_ROW) return unpack_row(reader, number, depth);
    if (kind != PACKED_NEGATIVE) return unpack_held(reader, kind, number);
    return number > INT64_MAX ? no_pack() : PyLong_FromLongLong(~(long long)number);
}

// Columns as rows, and rows as columns: records keep one, and the program has the other.

static bool is_of_type(PyObject *value, char type, long long least) {
    if (type == 's') return PyUnicode_CheckExact(value);
    if (type == 'b') return PyBool_Check(value);
    if (type != 'i' || !PyLong_CheckExact(value)) return false;
    int misses;
    long long number = PyLong_AsLongLongAndOverflow(value, &misses);
    return misses ? misses > 0 : number >= least;
}

// Tuples of one length, which is set, as a tuple; NULL with an exception for anything else.
static PyObject *even_rows(PyObject *given, Py_ssize_t *length) {
    PyObject *rows = PySequence_Tuple(given);
    for (Py_ssize_t i = 0; rows && i < PyTuple_GET_SIZE(rows); i++) {
        PyObject *row = PyTuple_GET_ITEM(rows, i);
        bool is_row = PyTuple_Check(row);
        if (is_row && !i) *length = PyTuple_GET_SIZE(row);
        if (is_row && PyTuple_GET_SIZE(row) == *length) continue;
        PyErr_SetString(PyExc_ValueError, "rows of unlike sizes");
        Py_CLEAR(rows);
    }
    return rows;
}

// The values at a place of all rows, as a tuple, or a value of a class of tuples.
static PyObject *across(PyTypeObject *kind, PyObject *rows, Py_ssize_t place) {
    Py_ssize_t size = PyTuple_GET_SIZE(rows);
    PyObject *found = kind ? PyType_GenericAlloc(kind, size) : PyTuple_New(size);
    for (Py_ssize_t i = 0; found && i < size; i++)
        PyTuple_SET_ITEM(found, i, Py_NewRef(PyTuple_GET_ITEM(PyTuple_GET_ITEM(rows, i), place)));
    return found;
}

static bool are_of_types(PyObject *columns, Py_ssize_t length, const char *types, long long least) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(columns); i++)
        for (Py_ssize_t place = 0; place < length; place++)
            if (!is_of_type(PyTuple_GET_ITEM(PyTuple_GET_ITEM(columns, i), place), types[i], least)) return false;
    return true;
}
#endif
