// Patterns filled with values: `pattern % values` in Python, which is the definition. Each number of a report is written so, and
// Python's own code takes several times as long: it makes a text of each value, and works out each real number in large
// integers. What is not plain goes to it all the same: other forms and types, letters beyond ASCII, and all mistakes.
#ifndef KERNEL_FILL_H
#define KERNEL_FILL_H

#include <math.h>

enum {
    LONGEST_NUMBER = 40, // 19 digits of a whole number; of a real one 13, and as many as MOST_DECIMALS
    MOST_DECIMALS = 6,
    FILLED_IN_PLACE = 2048, // most rows of functions need no block of memory
};
static const double LARGEST_REAL = 1e12; // with six decimals it is less than 2^63

typedef struct {
    const uint8_t *at, *end; // the pattern
    PyObject *values;
    Py_ssize_t next;         // value
} Filling;

static uint8_t *put_digits(uint8_t *to, uint64_t number, int least) {
    uint8_t digits[20];
    int count = 0;
    do digits[count++] = (uint8_t)('0' + number % 10); while (number /= 10);
    while (count < least) digits[count++] = '0';
    while (count) *to++ = digits[--count];
    return to;
}

// NULL where Python's own code has to do it, here and below.
static uint8_t *put_whole(uint8_t *to, PyObject *value) {
    if (!PyLong_CheckExact(value)) return NULL;
    int misses;
    long long number = PyLong_AsLongLongAndOverflow(value, &misses);
    if (misses) return NULL;
    if (number < 0) *to++ = '-';
    return put_digits(to, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 1);
}

// A real number is a whole one times a power of two: rounded exactly, and a half to what is even, as Python does.
static uint8_t *put_real(uint8_t *to, PyObject *value, int decimals) {
#ifdef __SIZEOF_INT128__
    static const unsigned POWERS[MOST_DECIMALS + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    if (!PyFloat_CheckExact(value)) return NULL;
    double number = PyFloat_AS_DOUBLE(value);
    if (!(fabs(number) < LARGEST_REAL)) return NULL;
    int exponent;
    double share = frexp(fabs(number), &exponent); // from a half to 1, or 0
    int shift = 53 - exponent;                     // more than 0, for the number is less than 2^40
    unsigned __int128 scaled = (unsigned __int128)(uint64_t)ldexp(share, 53) * POWERS[decimals];
    uint64_t digits = 0; // where the shift is larger than that, what is shifted is less than a half
    if (shift < 100) {
        unsigned __int128 rest = scaled & (((unsigned __int128)1 << shift) - 1), half = (unsigned __int128)1 << (shift - 1);
        digits = (uint64_t)(scaled >> shift);
        digits += rest > half || (rest == half && digits & 1);
    }
    if (signbit(number)) *to++ = '-';
    to = put_digits(to, digits / POWERS[decimals], 1);
    if (!decimals) return to;
    *to++ = '.';
    return put_digits(to, digits % POWERS[decimals], decimals);
#else
    return NULL;
#endif
}

static uint8_t *put_letters(uint8_t *to, PyObject *value) {
    if (!PyUnicode_CheckExact(value)) return NULL;
    size_t size = (size_t)PyUnicode_GET_LENGTH(value);
    memcpy(to, PyUnicode_1BYTE_DATA(value), size);
    return to + size;
}

// What stands for the next value; the pattern is behind its "%".
static uint8_t *put_value(uint8_t *to, Filling *filling) {
    if (filling->next >= PyTuple_GET_SIZE(filling->values)) return NULL;
    PyObject *value = PyTuple_GET_ITEM(filling->values, filling->next++);
    const uint8_t *form = filling->at;
    ptrdiff_t left = filling->end - form;
    filling->at = form + 1;
    if (left > 0 && *form == 's') return put_letters(to, value);
    if (left > 0 && *form == 'd') return put_whole(to, value);
    filling->at = form + 3;
    bool is_real = left > 2 && form[0] == '.' && form[1] >= '0' && form[1] <= '0' + MOST_DECIMALS && form[2] == 'f';
    return is_real ? put_real(to, value, form[1] - '0') : NULL;
}

static uint8_t *put_filled(uint8_t *to, Filling *filling) {
    while (to && filling->at < filling->end) {
        uint8_t byte = *filling->at++;
        if (byte == '%') to = put_value(to, filling);
        else *to++ = byte;
    }
    return filling->next == PyTuple_GET_SIZE(filling->values) ? to : NULL;
}

// How many bytes all of it takes at most; -1 where a text is not ASCII.
static Py_ssize_t most_filled(PyObject *pattern, PyObject *values) {
    if (!PyUnicode_IS_ASCII(pattern)) return -1;
    Py_ssize_t most = PyUnicode_GET_LENGTH(pattern);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(values); i++) {
        PyObject *value = PyTuple_GET_ITEM(values, i);
        bool is_text = PyUnicode_Check(value);
        if (is_text && !PyUnicode_IS_ASCII(value)) return -1;
        most += is_text ? PyUnicode_GET_LENGTH(value) : LONGEST_NUMBER;
        if (most > INT32_MAX) return -1;
    }
    return most;
}

PyDoc_STRVAR(filled_doc, "filled(pattern, values)\n--\n\n`pattern % values`, for a tuple of values.");

static PyObject *kernel_filled(PyObject *module, PyObject *args) {
    PyObject *pattern, *values, *found = NULL;
    uint8_t local[FILLED_IN_PLACE], *room = local, *end;
    (void)module;
    if (!PyArg_ParseTuple(args, "UO!:filled", &pattern, &PyTuple_Type, &values)) return NULL;
    Py_ssize_t most = most_filled(pattern, values);
    if (most < 0) return PyUnicode_Format(pattern, values);
    if (most > FILLED_IN_PLACE) room = malloc((size_t)most);
    if (!room) return PyErr_NoMemory();
    const uint8_t *text = PyUnicode_1BYTE_DATA(pattern);
    Filling filling = {.at = text, .end = text + PyUnicode_GET_LENGTH(pattern), .values = values};
    end = put_filled(room, &filling);
    if (end) found = ascii_text(room, end - room);
    if (room != local) free(room);
    return end ? found : PyUnicode_Format(pattern, values);
}

#endif
