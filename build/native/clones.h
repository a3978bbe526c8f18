/* Clones in a stream of tokens.
 *
 * The stream is one byte per token, its code; 0 is a barrier that equals nothing. A clone group is a run of at
 * least `minimum` tokens that occurs at two or more places without overlap, is maximal (its occurrences cannot all be
 * extended by the same token on either side), and adds something: at least one place is not inside a longer clone.
 *
 *   1  Most windows of `minimum` tokens occur once. A rolling hash finds them, and they leave the stream.
 *   2  A suffix array (SA-IS, linear) and its longest common prefixes over what is left compare token by token.
 *   3  The intervals of equal prefixes that have a place of their own become groups.
 *
 * Memory at its peak, in bytes for each token of the stream: 5 to 10 for the table of windows or, after it, 12 for each
 * token that is left (up to 20 where a table repeats one token), and the answer. */

typedef struct {
    int32_t length; /* tokens */
    uint32_t left : 31; /* where it begins in the suffix array */
    uint32_t fresh : 1; /* one of its suffixes lies in no longer clone */
} CloneInterval;

typedef struct {
    int32_t *data;
    size_t used, room;
} IntBuffer;

static int int_buffer_push(IntBuffer *buffer, int32_t value)
{
    if (buffer->used == buffer->room) {
        size_t room = buffer->room ? buffer->room * 2 : 1024;
        int32_t *data = realloc(buffer->data, room * sizeof *data);
        if (!data) return 0;
        buffer->data = data;
        buffer->room = room;
    }
    buffer->data[buffer->used++] = value;
    return 1;
}

/* ---- 1: windows that occur twice --------------------------------------------------------------------------------- */

enum { MOST_PROBES = 64 };

static inline uint64_t clone_mix(uint64_t value)
{
    value = (value ^ value >> 32) * 0xD6E8FEB86659FD93u;
    return value ^ value >> 32;
}

static inline void clone_mark(uint8_t *marks, size_t position) { marks[position >> 3] |= (uint8_t)(1u << (position & 7)); }
static inline int clone_marked(const uint8_t *marks, size_t position) { return marks[position >> 3] >> (position & 7) & 1; }

/* Mark the first token of every window that occurs again. 0 when memory is short. */
static int clone_windows(const uint8_t *codes, size_t count, size_t minimum, uint8_t *marks)
{
    size_t slots = 1024;
    while (slots < count + count / 4) slots *= 2;
    uint32_t *table = calloc(slots, sizeof *table); /* start + 1 of the first such window */
    if (!table) return 0;
    const uint64_t base = 0x9E3779B97F4A7C15u;
    uint64_t top = 1, hash = 0, mixed[256];
    for (size_t i = 0; i < 256; i++) mixed[i] = clone_mix(i);
    for (size_t i = 1; i < minimum; i++) top *= base;
    size_t run = 0; /* tokens since the last barrier */
    for (size_t end = 0; end < count; end++) {
        if (!codes[end]) {
            run = 0;
            hash = 0;
            continue;
        }
        if (run >= minimum) hash -= top * mixed[codes[end - minimum]];
        hash = hash * base + mixed[codes[end]];
        if (++run < minimum) continue;
        size_t start = end + 1 - minimum, slot = (size_t)clone_mix(hash) & (slots - 1), probes = 0;
        while (table[slot] && memcmp(codes + table[slot] - 1, codes + start, minimum)) {
            if (++probes == MOST_PROBES) break; /* hashes made to collide: take the window for a repeated one */
            slot = (slot + 1) & (slots - 1);
        }
        if (table[slot]) {
            clone_mark(marks, start);
            clone_mark(marks, (size_t)table[slot] - 1);
        } else {
            table[slot] = (uint32_t)start + 1;
        }
    }
    free(table);
    return 1;
}

/* ---- 2: suffix array ----------------------------------------------------------------------------------------------
 * SA-IS (Nong, Zhang, Chan 2009): sorts the suffixes that start a falling slope, names them, and induces all others
 * from them; recursion (at most log2 n deep) only where names repeat. The last symbol is 0 and occurs once. */

static void sais_buckets(const int32_t *text, size_t n, int32_t *bucket, int32_t symbols, int ends)
{
    memset(bucket, 0, (size_t)symbols * sizeof *bucket);
    for (size_t i = 0; i < n; i++) bucket[text[i]]++;
    int32_t sum = 0;
    for (int32_t c = 0; c < symbols; c++) {
        sum += bucket[c];
        bucket[c] = ends ? sum : sum - bucket[c];
    }
}

#define SAIS_SMALL(i) clone_marked(small, (i)) /* the suffix at i is smaller than the one at i + 1 */
#define SAIS_LMS(i) ((i) > 0 && SAIS_SMALL(i) && !SAIS_SMALL((i) - 1))

static void sais_induce(const int32_t *text, int32_t *sa, size_t n, int32_t *bucket, int32_t symbols, const uint8_t *small)
{
    sais_buckets(text, n, bucket, symbols, 0);
    for (size_t i = 0; i < n; i++) {
        int32_t j = sa[i] - 1;
        if (sa[i] > 0 && !SAIS_SMALL((size_t)j)) sa[bucket[text[j]]++] = j;
    }
    sais_buckets(text, n, bucket, symbols, 1);
    for (size_t i = n; i-- > 0;) {
        int32_t j = sa[i] - 1;
        if (sa[i] > 0 && SAIS_SMALL((size_t)j)) sa[--bucket[text[j]]] = j;
    }
}

static int sais_same(const int32_t *text, size_t n, const uint8_t *small, size_t a, size_t b)
{
    for (size_t d = 0; d < n; d++) {
        if (text[a + d] != text[b + d] || SAIS_SMALL(a + d) != SAIS_SMALL(b + d)) return 0;
        if (d > 0 && (SAIS_LMS(a + d) || SAIS_LMS(b + d))) return SAIS_LMS(a + d) && SAIS_LMS(b + d);
    }
    return 1;
}

static int sais(const int32_t *text, int32_t *sa, size_t n, int32_t symbols)
{
    uint8_t *small = calloc(n / 8 + 1, 1);
    int32_t *bucket = malloc((size_t)symbols * sizeof *bucket);
    int done = 0;
    if (!small || !bucket) goto out;
    clone_mark(small, n - 1);
    for (size_t i = n - 1; i-- > 0;)
        if (text[i] < text[i + 1] || (text[i] == text[i + 1] && SAIS_SMALL(i + 1))) clone_mark(small, i);
    sais_buckets(text, n, bucket, symbols, 1);
    for (size_t i = 0; i < n; i++) sa[i] = -1;
    for (size_t i = 1; i < n; i++)
        if (SAIS_LMS(i)) sa[--bucket[text[i]]] = (int32_t)i;
    sais_induce(text, sa, n, bucket, symbols, small);
    size_t slopes = 0;
    for (size_t i = 0; i < n; i++)
        if (SAIS_LMS((size_t)sa[i])) sa[slopes++] = sa[i];
    for (size_t i = slopes; i < n; i++) sa[i] = -1;
    int32_t names = 0, previous = -1;
    for (size_t i = 0; i < slopes; i++) { /* no two slopes are neighbours, so half of n holds their names */
        int32_t position = sa[i];
        if (previous < 0 || !sais_same(text, n, small, (size_t)position, (size_t)previous)) names++;
        previous = position;
        sa[slopes + (size_t)position / 2] = names - 1;
    }
    for (size_t i = n, j = n; i-- > slopes;)
        if (sa[i] >= 0) sa[--j] = sa[i];
    int32_t *inner = sa + n - slopes;
    if ((size_t)names < slopes) {
        if (!sais(inner, sa, slopes, names)) goto out;
    } else {
        for (size_t i = 0; i < slopes; i++) sa[inner[i]] = (int32_t)i;
    }
    sais_buckets(text, n, bucket, symbols, 1);
    for (size_t i = 1, j = 0; i < n; i++)
        if (SAIS_LMS(i)) inner[j++] = (int32_t)i;
    for (size_t i = 0; i < slopes; i++) sa[i] = inner[sa[i]];
    for (size_t i = slopes; i < n; i++) sa[i] = -1;
    for (size_t i = slopes; i-- > 0;) {
        int32_t position = sa[i];
        sa[i] = -1;
        sa[--bucket[text[position]]] = position;
    }
    sais_induce(text, sa, n, bucket, symbols, small);
    done = 1;
out:
    free(small);
    free(bucket);
    return done;
}

typedef struct {
    int32_t at, place; /* of its first token: in the text, in the stream */
} CloneRun;

typedef struct {
    int32_t *text; /* what is left of the stream: runs, each behind a barrier, all different; 0 at the end */
    CloneRun *runs;
    int32_t *sa;
    int32_t *common; /* by position: tokens in common with the suffix before it in the array */
    uint8_t *fresh; /* by position, a bit: nothing longer that occurs twice contains the longest run from here */
    size_t n, run_count;
} CloneText;

/* By position in the text and not by rank (Karkkainen, Manzini, Puglisi 2009), so that no array of ranks is needed. */
static void clone_common_prefixes(CloneText *t)
{
    for (size_t i = t->n - 1; i > 0; i--) t->common[t->sa[i]] = t->sa[i - 1];
    t->common[t->sa[0]] = -1;
    size_t common = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->common[i] < 0) {
            t->common[i] = 0;
            common = 0;
            continue;
        }
        size_t other = (size_t)t->common[i];
        while (i + common < t->n && other + common < t->n && t->text[i + common] == t->text[other + common]) common++;
        t->common[i] = (int32_t)common;
        if (common) common--;
    }
}

static int32_t clone_common(const CloneText *t, size_t rank) { return rank < t->n ? t->common[t->sa[rank]] : 0; }

/* The longest run from a position that occurs again lies inside a longer one just if the position before it begins one
 * that is longer by a token. 0 when memory is short. */
static int clone_mark_fresh(CloneText *t)
{
    int32_t *best = malloc(t->n * sizeof *best);
    if (!best) return 0;
    for (size_t i = 0; i < t->n; i++) {
        int32_t before = clone_common(t, i), after = clone_common(t, i + 1);
        best[t->sa[i]] = before > after ? before : after;
    }
    for (size_t i = 1; i < t->n; i++)
        if (best[i - 1] <= best[i]) clone_mark(t->fresh, i);
    free(best);
    return 1;
}

/* ---- 3: groups ---------------------------------------------------------------------------------------------------- */

static int clone_ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Occurrences that overlap count once, the first of them. Where that leaves only one, the text repeats with a short
 * period there, and the clone is the longest run of it that stands there twice. Returns the length, 0 for no clone. */
static int32_t clone_apart(int32_t *starts, size_t *count, int32_t length, int32_t minimum)
{
    int32_t gap = INT32_MAX, at = 0;
    size_t kept = 1;
    for (size_t i = 1, last = 0; i < *count; i++) {
        if (starts[i] - starts[i - 1] < gap) {
            gap = starts[i] - starts[i - 1];
            at = starts[i - 1];
        }
        if (starts[i] - starts[last] < length) continue;
        last = i;
        kept++;
    }
    if (kept == 1) {
        int32_t whole = gap + length, half = whole / 2 / gap * gap, rest = whole - half - gap;
        starts[0] = at;
        starts[1] = at + (rest > half ? half + gap : half);
        *count = 2;
        length = rest > half ? rest : half;
        return length < minimum ? 0 : length;
    }
    size_t out = 1;
    for (size_t i = 1; i < *count; i++)
        if (starts[i] - starts[out - 1] >= length) starts[out++] = starts[i];
    *count = out;
    return length;
}

static int32_t clone_place(const CloneText *t, int32_t position)
{
    size_t low = 0, high = t->run_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (t->runs[middle].at <= position) low = middle;
        else high = middle;
    }
    return t->runs[low].place + position - t->runs[low].at;
}

/* length, exact, count, then the places, for each group. */
static int clone_emit(const CloneText *t, const int32_t *hashes, int32_t *starts, size_t count, int32_t length, IntBuffer *out)
{
    int exact = 1;
    for (size_t i = 0; i < count; i++) {
        starts[i] = clone_place(t, starts[i]);
        exact = exact && !memcmp(hashes + starts[0], hashes + starts[i], (size_t)length * sizeof *hashes);
    }
    if (!int_buffer_push(out, length) || !int_buffer_push(out, exact) || !int_buffer_push(out, (int32_t)count)) return 0;
    for (size_t i = 0; i < count; i++)
        if (!int_buffer_push(out, starts[i])) return 0;
    return 1;
}

/* `right` is the interval's last suffix. */
static int clone_group(const CloneText *t, const int32_t *hashes, CloneInterval interval, size_t right, int32_t minimum, IntBuffer *out)
{
    size_t count = right - interval.left + 1;
    int32_t *starts = malloc(count * sizeof *starts);
    if (!starts) return 0;
    memcpy(starts, t->sa + interval.left, count * sizeof *starts);
    qsort(starts, count, sizeof *starts, clone_ascending);
    int32_t length = clone_apart(starts, &count, interval.length, minimum);
    int done = !length || clone_emit(t, hashes, starts, count, length, out);
    free(starts);
    return done;
}

typedef struct {
    CloneInterval *data;
    size_t used, room;
} CloneStack;

static CloneInterval *clone_open(CloneStack *stack, CloneInterval interval)
{
    if (stack->used == stack->room) {
        size_t room = stack->room ? stack->room * 2 : 1024;
        CloneInterval *data = realloc(stack->data, room * sizeof *data);
        if (!data) return NULL;
        stack->data = data;
        stack->room = room;
    }
    stack->data[stack->used] = interval;
    return &stack->data[stack->used++];
}

/* The innermost interval of each suffix is its longest run. An interval of which no suffix is fresh adds nothing, and
 * neither does one that extends to the left: none of its suffixes is fresh. */
static int clone_groups(const CloneText *t, const int32_t *hashes, int32_t minimum, IntBuffer *out)
{
    CloneStack stack = {0};
    int done = 1;
    for (size_t i = 1; done && i <= t->n; i++) {
        int32_t common = clone_common(t, i);
        uint32_t left = (uint32_t)i - 1, fresh = (uint32_t)clone_marked(t->fresh, (size_t)t->sa[left]);
        CloneInterval *top = stack.used ? &stack.data[stack.used - 1] : NULL;
        if (top && top->length >= common) top->fresh |= fresh; /* it shares more with its left neighbour */
        while (done && top && top->length > common) {
            left = top->left;
            done = !top->fresh || clone_group(t, hashes, *top, i - 1, minimum, out);
            top = --stack.used ? top - 1 : NULL;
        }
        if (!done || common < minimum || (top && top->length == common)) continue;
        top = clone_open(&stack, (CloneInterval){common, left, left == i - 1 && fresh});
        done = top != NULL;
    }
    free(stack.data);
    return done;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

/* Copy the tokens of marked windows, with a barrier before each run. Returns the number of symbols, 0 when memory is short. */
static int32_t clone_reduce(const uint8_t *codes, size_t count, const uint8_t *marks, size_t minimum, CloneText *t)
{
    size_t room = 1, runs = 0, until = 0;
    for (size_t i = 0; i < count; i++) {
        if (clone_marked(marks, i)) {
            runs += until <= i;
            until = i + minimum;
        }
        room += i < until;
    }
    t->text = malloc((room + runs) * sizeof *t->text);
    t->runs = malloc((runs + 1) * sizeof *t->runs);
    if (!t->text || !t->runs) return 0;
    const int32_t first = 256; /* barriers are from here on, codes below */
    size_t n = 0;
    until = 0;
    for (size_t i = 0; i < count; i++) {
        if (clone_marked(marks, i)) {
            if (until <= i) {
                t->text[n++] = first + (int32_t)t->run_count;
                t->runs[t->run_count++] = (CloneRun){(int32_t)n, (int32_t)i};
            }
            until = i + minimum;
        }
        if (i < until) t->text[n++] = codes[i];
    }
    t->text[n++] = 0;
    t->n = n;
    return first + (int32_t)t->run_count;
}

/* The suffix array, and what the text was for. 0 when memory is short. */
static int clone_sort(CloneText *t, int32_t symbols)
{
    t->sa = malloc(t->n * sizeof *t->sa);
    if (!t->sa || !sais(t->text, t->sa, t->n, symbols)) return 0;
    t->common = malloc(t->n * sizeof *t->common);
    t->fresh = calloc(t->n / 8 + 1, 1);
    if (!t->common || !t->fresh) return 0;
    clone_common_prefixes(t);
    free(t->text);
    t->text = NULL;
    return clone_mark_fresh(t);
}

static int clone_search(const uint8_t *codes, const int32_t *hashes, size_t count, int32_t minimum, IntBuffer *out)
{
    CloneText t = {0};
    int32_t symbols = 0;
    uint8_t *marks = calloc(count / 8 + 1, 1);
    if (marks && clone_windows(codes, count, (size_t)minimum, marks)) symbols = clone_reduce(codes, count, marks, (size_t)minimum, &t);
    free(marks);
    int done = symbols && (t.n == 1 || (clone_sort(&t, symbols) && clone_groups(&t, hashes, minimum, out)));
    free(t.text);
    free(t.runs);
    free(t.sa);
    free(t.common);
    free(t.fresh);
    return done;
}

static const char clones_doc[] =
    "clones(codes: bytes, hashes: bytes, minimum: int) -> bytes\n\n"
    "Groups of equal runs of at least `minimum` tokens. `codes` holds a byte per token, 0 for a barrier, and `hashes` an\n"
    "int32. The answer holds int32: for each group its length, 1 where the hashes are equal too, the number of\n"
    "places, and the places.";

static PyObject *kernel_clones(PyObject *module, PyObject *args)
{
    Py_buffer codes, hashes;
    int minimum, done;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*i", &codes, &hashes, &minimum)) return NULL;
    PyObject *answer = NULL;
    IntBuffer out = {0};
    if (hashes.len % 4 || codes.len != hashes.len / 4 || codes.len >= INT32_MAX || minimum < 2) {
        PyErr_SetString(PyExc_ValueError, "codes are bytes, hashes int32 of the same number, below 2**31, and minimum is at least 2");
        goto out;
    }
    Py_BEGIN_ALLOW_THREADS
    done = clone_search(codes.buf, hashes.buf, (size_t)codes.len, minimum, &out);
    Py_END_ALLOW_THREADS
    if (done)
        answer = PyBytes_FromStringAndSize((const char *)out.data, (Py_ssize_t)(out.used * sizeof *out.data));
    else
        PyErr_NoMemory();
out:
    free(out.data);
    PyBuffer_Release(&codes);
    PyBuffer_Release(&hashes);
    return answer;
}
