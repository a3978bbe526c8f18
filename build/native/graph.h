// A directed graph as lists of neighbours, and its strong groups: what takes time where a project has many files.
//
// `plain_graph` in complexity_guard.py defines it. Nodes are numbers; all that is kept of a graph is one block of memory.
#ifndef KERNEL_GRAPH_H
#define KERNEL_GRAPH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct {
    int32_t count, edges;
    int32_t *from, *to;         // the ends of each edge: sorted by both, once
    int32_t *other_from, *back; // while it is sorted; then of each node those that lead to it, one after the other
    int32_t *links_at, *back_at; // where those of each node begin, and the end behind the last
    int32_t *order, *next, *groups_at; // nodes group by group; work; where each group begins, and the end
    int32_t group_count;
} Network;

// Room for all of it; the edges are still to come. Whether there is memory.
static bool network_opened(Network *network, int32_t count, int32_t edges) {
    size_t nodes = (size_t)count + 1, rows = (size_t)edges;
    int32_t *block = calloc(4 * rows + 6 * nodes, sizeof *block);
    if (!block) return false;
    *network = (Network){.count = count, .edges = edges, .from = block, .to = block + rows,
                         .other_from = block + 2 * rows, .back = block + 3 * rows};
    block += 4 * rows;
    network->links_at = block, network->back_at = block + nodes, network->order = block + 2 * nodes;
    network->next = block + 3 * nodes, network->groups_at = block + 4 * nodes;
    return true;
}

// Sums of what was counted one place behind each node.
static void sum_up(int32_t *at, int32_t count) {
    for (int32_t node = 0; node < count; node++) at[node + 1] += at[node];
}

// Edges in the order of one end, and among equals as they were.
static void sort_edges(Network *network, const int32_t *by, const int32_t *other, int32_t *sorted_by, int32_t *sorted_other) {
    int32_t *at = network->next;
    memset(at, 0, ((size_t)network->count + 1) * sizeof *at);
    for (int32_t i = 0; i < network->edges; i++) at[by[i] + 1]++;
    sum_up(at, network->count);
    for (int32_t i = 0; i < network->edges; i++) {
        int32_t place = at[by[i]]++;
        sorted_by[place] = by[i], sorted_other[place] = other[i];
    }
}

// Each edge once, and none from a node to itself.
static void link_edges(Network *network) {
    sort_edges(network, network->to, network->from, network->back, network->other_from);
    sort_edges(network, network->other_from, network->back, network->from, network->to);
    int32_t kept = 0;
    for (int32_t i = 0; i < network->edges; i++) {
        int32_t from = network->from[i], to = network->to[i];
        if (from == to || (kept && network->from[kept - 1] == from && network->to[kept - 1] == to)) continue;
        network->from[kept] = from, network->to[kept++] = to;
        network->links_at[from + 1]++, network->back_at[to + 1]++;
    }
    network->edges = kept;
    sum_up(network->links_at, network->count);
    sum_up(network->back_at, network->count);
    memcpy(network->next, network->back_at, (size_t)network->count * sizeof(int32_t));
    for (int32_t i = 0; i < kept; i++) network->back[network->next[network->to[i]]++] = network->from[i];
}

// The nodes, each behind all that a search in depth first met through it.
static void finish_nodes(Network *network, int32_t *steps) {
    int32_t done = 0;
    for (int32_t node = 0; node < network->count; node++) network->next[node] = -1; // not met yet
    for (int32_t root = 0; root < network->count; root++) {
        int32_t depth = 0;
        if (network->next[root] >= 0) continue;
        network->next[root] = network->links_at[root];
        for (steps[depth++] = root; depth;) {
            int32_t node = steps[depth - 1], *next = &network->next[node];
            while (*next < network->links_at[node + 1] && network->next[network->to[*next]] >= 0) ++*next;
            if (*next == network->links_at[node + 1]) {
                network->order[done++] = node;
                depth--;
            } else {
                int32_t other = network->to[*next];
                network->next[other] = network->links_at[other];
                steps[depth++] = other;
            }
        }
    }
}

// Groups of nodes that lead to each other, each before all that it leads to (Kosaraju's way).
static void group_nodes(Network *network) {
    int32_t *grouped = network->groups_at + network->count + 1, size = 0;
    finish_nodes(network, grouped);
    for (int32_t node = 0; node < network->count; node++) network->next[node] = 0;
    for (int32_t i = network->count; i--;) {
        int32_t root = network->order[i], first = size;
        if (network->next[root]) continue;
        network->next[root] = 1;
        network->groups_at[network->group_count++] = first;
        grouped[size++] = root;
        for (; first < size; first++)
            for (int32_t at = network->back_at[grouped[first]]; at < network->back_at[grouped[first] + 1]; at++) {
                int32_t other = network->back[at];
                if (network->next[other]) continue;
                network->next[other] = 1;
                grouped[size++] = other;
            }
    }
    network->groups_at[network->group_count] = size;
    network->order = grouped;
}

#endif
