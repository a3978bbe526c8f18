/* Clones in a stream of tokens.
 *
 * The stream is one byte per token, its code; 0 is a barrier that equals nothing. A clone group is a run of at
 * least `minimum` tokens that occurs at two or more places without overlap, is maximal (its occurrences cannot all be
 * extended by the same token on either side), and adds something: at least one place is not inside a longer clone.
 *
 *   1  Most windows of `minimum` tokens occur once. A rolling hash finds them, and they leave the stream.
 *   2  A suffix array (SA-IS, linear) and its longest common prefixes over what is left compare token by token.
 *   3  Longest first, the intervals of equal prefixes become groups.
 *
 * Memory at its peak, in bytes for each token of the stream: 5 to 10 for the table of windows or, after it, 24 for each
 * token that is left. */

typedef struct {
    int32_t length; /* tokens; 0 when the interval was dropped */
    int32_t left, right; /* of the suffix array, both included */
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

/* Kasai: lcp[i] is what the suffixes sa[i - 1] and sa[i] have in common. Barriers are all different symbols. */
static void clone_common_prefixes(const int32_t *text, const int32_t *sa, size_t n, int32_t *rank, int32_t *lcp)
{
    for (size_t i = 0; i < n; i++) rank[sa[i]] = (int32_t)i;
    size_t common = 0;
    lcp[0] = 0;
    for (size_t i = 0; i < n; i++) {
        if (!rank[i]) {
            common = 0;
            continue;
        }
        size_t other = (size_t)sa[rank[i] - 1];
        while (i + common < n && other + common < n && text[i + common] == text[other + common]) common++;
        lcp[rank[i]] = (int32_t)common;
        if (common) common--;
    }
}

/* ---- 3: groups ---------------------------------------------------------------------------------------------------- */

typedef struct {
    int32_t *text; /* what is left of the stream: 0 at the end, then codes, then barriers, all different */
    int32_t *places; /* position in the text -> in the stream */
    int32_t *sa, *lcp;
    int32_t *changes; /* prefix sums: how often the symbol before a suffix differs from the one before its neighbour */
    int32_t *reach; /* Fenwick tree: the furthest end of the clones that start at or before a position */
    size_t n;
} CloneText;

/* The intervals' numbers, longest first, those of equal length in their order: two passes by 16 bits of the length. */
static int32_t *clone_longest_first(const CloneInterval *all, size_t found)
{
    int32_t *order = malloc((found ? found : 1) * sizeof *order), *other = malloc((found ? found : 1) * sizeof *other);
    size_t *count = malloc(65536 * sizeof *count);
    for (size_t i = 0; order && i < found; i++) order[i] = (int32_t)i;
    for (int shift = 0; order && other && count && shift < 32; shift += 16) {
        memset(count, 0, 65536 * sizeof *count);
        for (size_t i = 0; i < found; i++) count[(uint32_t)all[i].length >> shift & 0xFFFF]++;
        for (size_t key = 65536, sum = 0; key-- > 0; sum += count[key], count[key] = sum - count[key]) {}
        for (size_t i = 0; i < found; i++) other[count[(uint32_t)all[order[i]].length >> shift & 0xFFFF]++] = order[i];
        int32_t *swap = order;
        order = other;
        other = swap;
    }
    if (!other || !count) {
        free(order);
        order = NULL;
    }
    free(other);
    free(count);
    return order;
}

static int clone_ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void clone_count_changes(CloneText *t)
{
    int32_t sum = 0, before = -1;
    for (size_t i = 0; i < t->n; i++) {
        int32_t symbol = t->sa[i] ? t->text[t->sa[i] - 1] : -1;
        t->changes[i] = sum += symbol != before;
        before = symbol;
    }
}

static void clone_cover(CloneText *t, int32_t start, int32_t end)
{
    for (size_t i = (size_t)start + 1; i <= t->n; i += i & -i)
        if (t->reach[i] < end) t->reach[i] = end;
}

static int clone_covered(const CloneText *t, int32_t start, int32_t end)
{
    for (size_t i = (size_t)start + 1; i; i -= i & -i)
        if (t->reach[i] >= end) return 1;
    return 0;
}

/* All intervals of at least `minimum` common tokens (fewer than n), and for each suffix the one it hangs on directly,
 * or -1: only those suffixes can make an interval new, since all others lie in a longer one. */
static CloneInterval *clone_intervals(const CloneText *t, int32_t minimum, int32_t *owner, size_t *found)
{
    IntBuffer stack = {0};
    size_t room = 1024, used = 0;
    CloneInterval *all = malloc(room * sizeof *all);
    if (!all) return NULL;
    for (size_t i = 1; i <= t->n; i++) {
        int32_t common = i < t->n ? t->lcp[i] : 0, left = (int32_t)i - 1;
        owner[i - 1] = stack.used ? stack.data[stack.used - 1] : -1;
        while (stack.used && all[stack.data[stack.used - 1]].length > common) {
            CloneInterval *top = &all[stack.data[--stack.used]];
            top->right = (int32_t)i - 1;
            left = top->left;
        }
        if (common < minimum || (stack.used && all[stack.data[stack.used - 1]].length == common)) continue;
        if (used == room) {
            CloneInterval *more = realloc(all, (room *= 2) * sizeof *all);
            if (!more) goto fail;
            all = more;
        }
        if (!int_buffer_push(&stack, (int32_t)used)) goto fail;
        all[used++] = (CloneInterval){common, left, 0};
        if (left == (int32_t)i - 1) owner[i - 1] = (int32_t)used - 1; /* it shares more with its right neighbour */
    }
    free(stack.data);
    *found = used;
    return all;
fail:
    free(stack.data);
    free(all);
    return NULL;
}

/* Occurrences that overlap count once, the first of them; where that leaves only one, the text repeats with a short
 * period there, and its two halves are the clone. Returns the length, 0 for no clone. */
static int32_t clone_apart(int32_t *starts, size_t *count, int32_t length, int32_t minimum)
{
    int32_t gap = INT32_MAX, at = 0;
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (i + 1 < *count && starts[i + 1] - starts[i] < gap) {
            gap = starts[i + 1] - starts[i];
            at = starts[i];
        }
    }
    int32_t first = starts[0];
    for (size_t i = 1, last = 0; i < *count; i++) {
        if (starts[i] - starts[last] < length) continue;
        last = i;
        kept++;
    }
    if (!kept) {
        length = (gap + length) / 2 / gap * gap;
        starts[0] = at;
        starts[1] = at + length;
        *count = 2;
        return length < minimum ? 0 : length;
    }
    size_t out = 1;
    for (size_t i = 1; i < *count; i++) {
        if (starts[i] - first < length) continue;
        starts[out++] = first = starts[i];
    }
    *count = out;
    return length;
}

/* length, exact, count, then the places, for each group. */
static int clone_emit(const CloneText *t, const int32_t *hashes, const int32_t *starts, size_t count, int32_t length, IntBuffer *out)
{
    int exact = 1;
    const int32_t *first = hashes + t->places[starts[0]];
    for (size_t i = 1; exact && i < count; i++)
        exact = !memcmp(first, hashes + t->places[starts[i]], (size_t)length * sizeof *first);
    if (!int_buffer_push(out, length) || !int_buffer_push(out, exact) || !int_buffer_push(out, (int32_t)count)) return 0;
    for (size_t i = 0; i < count; i++)
        if (!int_buffer_push(out, t->places[starts[i]])) return 0;
    return 1;
}

static int clone_group(CloneText *t, const int32_t *hashes, const CloneInterval *interval, int32_t minimum, IntBuffer *out)
{
    size_t count = (size_t)(interval->right - interval->left) + 1;
    int32_t *starts = malloc(count * sizeof *starts);
    if (!starts) return 0;
    memcpy(starts, t->sa + interval->left, count * sizeof *starts);
    qsort(starts, count, sizeof *starts, clone_ascending);
    size_t apart = count;
    int32_t length = clone_apart(starts, &apart, interval->length, minimum);
    int done = !length || clone_emit(t, hashes, starts, apart, length, out);
    for (int32_t i = interval->left; i <= interval->right; i++) clone_cover(t, t->sa[i], t->sa[i] + interval->length);
    free(starts);
    return done;
}

static int clone_groups(CloneText *t, const int32_t *hashes, int32_t minimum, IntBuffer *out)
{
    size_t found = 0;
    int done = 0;
    int32_t *owner = malloc(t->n * sizeof *owner), *leaves = NULL, *first = NULL;
    CloneInterval *all = owner ? clone_intervals(t, minimum, owner, &found) : NULL;
    if (!all) goto out;
    first = calloc(found + 2, sizeof *first); /* leaves of interval i: first[i] .. first[i + 1] */
    leaves = malloc(t->n * sizeof *leaves);
    if (!first || !leaves) goto out;
    for (size_t i = 0; i < t->n; i++)
        if (owner[i] >= 0) first[owner[i] + 2]++;
    for (size_t i = 2; i < found + 2; i++) first[i] += first[i - 1];
    for (size_t i = 0; i < t->n; i++)
        if (owner[i] >= 0) leaves[first[owner[i] + 1]++] = t->sa[i];
    free(owner);
    owner = NULL;
    int32_t *sorted = clone_longest_first(all, found);
    if (!sorted) goto out;
    done = 1;
    for (size_t i = 0; done && i < found; i++) {
        int32_t number = sorted[i];
        const CloneInterval *interval = &all[number];
        if (t->changes[interval->right] == t->changes[interval->left]) continue; /* extends to the left */
        int fresh = 0;
        for (int32_t k = first[number]; !fresh && k < first[number + 1]; k++)
            fresh = !clone_covered(t, leaves[k], leaves[k] + interval->length);
        if (fresh) done = clone_group(t, hashes, interval, minimum, out);
    }
    free(sorted);
out:
    free(owner);
    free(leaves);
    free(first);
    free(all);
    return done;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

/* Copy the tokens of marked windows, with a barrier between runs. Returns the number of symbols, 0 when memory is short. */
static int32_t clone_reduce(const uint8_t *codes, size_t count, const uint8_t *marks, size_t minimum, CloneText *t)
{
    size_t room = 1, until = 0;
    for (size_t i = 0; i < count; i++) {
        if (clone_marked(marks, i)) {
            room += until <= i; /* a barrier before each run */
            until = i + minimum;
        }
        room += i < until;
    }
    t->text = malloc(room * sizeof *t->text);
    t->places = malloc(room * sizeof *t->places);
    if (!t->text || !t->places) return 0;
    int32_t symbols = 256; /* codes are below, barriers from here on */
    size_t n = 0;
    until = 0;
    for (size_t i = 0; i < count; i++) {
        if (clone_marked(marks, i)) {
            if (until <= i) {
                t->places[n] = (int32_t)i;
                t->text[n++] = symbols++;
            }
            until = i + minimum;
        }
        if (i < until) {
            t->places[n] = (int32_t)i;
            t->text[n++] = codes[i];
        }
    }
    t->places[n] = (int32_t)count;
    t->text[n++] = 0;
    t->n = n;
    return symbols;
}

static int clone_search(const uint8_t *codes, const int32_t *hashes, size_t count, int32_t minimum, IntBuffer *out)
{
    CloneText t = {0};
    int done = 0;
    int32_t symbols = 0;
    uint8_t *marks = calloc(count / 8 + 1, 1);
    if (marks && clone_windows(codes, count, (size_t)minimum, marks)) symbols = clone_reduce(codes, count, marks, (size_t)minimum, &t);
    free(marks);
    if (!symbols) goto out;
    t.sa = malloc(t.n * sizeof *t.sa);
    t.lcp = malloc(t.n * sizeof *t.lcp);
    t.changes = malloc(t.n * sizeof *t.changes);
    t.reach = calloc(t.n + 1, sizeof *t.reach);
    if (!t.sa || !t.lcp || !t.changes || !t.reach) goto out;
    if (t.n > 1) {
        if (!sais(t.text, t.sa, t.n, symbols)) goto out;
        clone_common_prefixes(t.text, t.sa, t.n, t.changes, t.lcp);
        clone_count_changes(&t);
        done = clone_groups(&t, hashes, minimum, out);
    } else {
        done = 1;
    }
out:
    free(t.text);
    free(t.places);
    free(t.sa);
    free(t.lcp);
    free(t.changes);
    free(t.reach);
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
