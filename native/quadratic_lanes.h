/* The walk over groups of rows, once for each instruction set: quadratic.c sets TARGET, VECTOR_BYTES and PATH first.
   Four vectors of sums at once hide the time an addition takes; each row has its own lane, so its additions are those
   of the portable path, in the same order. */

#define JOIN_WORDS(a, b) a##b
#define JOIN(a, b) JOIN_WORDS(a, b)
#define VECTOR JOIN(PATH, _vector)
#define LANES (VECTOR_BYTES / 8)
#define GROUP_ROWS (4 * LANES)

typedef double VECTOR __attribute__((vector_size(VECTOR_BYTES)));

/* Return how many rows were done: whole groups, and a last one that is not full if that is worth it. */
TARGET static int64_t PATH(const double *rows, int64_t n_rows, int32_t n_features, const double *centre,
                           const double *triangle, double *lengths)
{
    union {
        double cells[MAX_QUADRATIC_FEATURES][GROUP_ROWS];
        VECTOR vectors[MAX_QUADRATIC_FEATURES][4];
    } tile;
    union {
        double cells[GROUP_ROWS];
        VECTOR vectors[4];
    } total;
    int64_t start = 0;
    for (; n_rows - start >= LANES; start += GROUP_ROWS, rows += (int64_t)GROUP_ROWS * n_features) {
        const int n = n_rows - start < GROUP_ROWS ? (int)(n_rows - start) : GROUP_ROWS;
        for (int32_t f = 0; f < n_features; f++)
            for (int lane = 0; lane < GROUP_ROWS; lane++)
                tile.cells[f][lane] = lane < n ? rows[(int64_t)lane * n_features + f] - centre[f] : 0.0;
        const double *weight = triangle;
        for (int k = 0; k < 4; k++)
            total.vectors[k] = (VECTOR){0};
        for (int32_t j = 0; j < n_features; j++) {
            VECTOR a = {0}, b = {0}, c = {0}, d = {0};
            for (int32_t i = j; i < n_features; i++, weight++) {
                a += tile.vectors[i][0] * *weight;
                b += tile.vectors[i][1] * *weight;
                c += tile.vectors[i][2] * *weight;
                d += tile.vectors[i][3] * *weight;
            }
            total.vectors[0] += a * a;
            total.vectors[1] += b * b;
            total.vectors[2] += c * c;
            total.vectors[3] += d * d;
        }
        for (int lane = 0; lane < n; lane++)
            lengths[start + lane] = total.cells[lane];
        if (n < GROUP_ROWS)
            return n_rows;
    }
    return start;
}

#undef JOIN_WORDS
#undef JOIN
#undef VECTOR
#undef LANES
#undef GROUP_ROWS
