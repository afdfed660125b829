/* Stamps of a fixed width: formats/stamp.py has their templates. */
#include "native.h"

enum { NO_ZONE = -(1 << 30), DATE_KEY = 32, YEAR_AT = 24 };

/* Where a template's parts lie (formats/stamp.py compiles it): how the time of day is spelled, then what follows. */
typedef struct {
    int time_at, fixed, hour, minute, second, mark; /* offsets; -1 for seconds, 0 for a mark that there is not */
    const u8 *tail;
    Py_ssize_t size;
} Template;

static int two(const u8 *text)
{
    unsigned tens = text[0] - '0', ones = text[1] - '0';
    return tens > 9 || ones > 9 ? 100 : (int)(tens * 10 + ones);
}

/* Seconds since midnight; -1 where no time of day stands. 60 is a leap second. */
static int time_of_day(const Template *form, const u8 *text)
{
    int hour = two(text + form->hour), minute = two(text + form->minute);
    int second = form->second < 0 ? 0 : two(text + form->second);
    int marked = !form->mark || (text[2] == form->mark && (form->second < 0 || text[5] == form->mark));
    return marked && hour < 24 && minute < 60 && second <= 60 ? hour * 3600 + minute * 60 + second : -1;
}

typedef struct {
    const u8 *text;
    i64 size, stop, end, fraction, year, zone, zone_width;
} Reader;

/* `.f`: nanoseconds behind one of two marks. */
static void read_fraction(Reader *r, u8 one, u8 other)
{
    if (r->end + 1 >= r->stop || (r->text[r->end] != one && r->text[r->end] != other))
        return;
    i64 value = 0;
    int count = 0;
    for (; count < 9 && r->end + 1 + count < r->size; count++) {
        unsigned digit = r->text[r->end + 1 + count] - '0';
        if (digit > 9)
            break;
        value = value * 10 + digit;
    }
    if (!count)
        return;
    r->end += 1 + count;
    for (; count < 9; count++)
        value *= 10;
    r->fraction = value;
}

static int read_year(Reader *r)
{
    if (r->end + 4 > r->size)
        return 0;
    int high = two(r->text + r->end), low = two(r->text + r->end + 2);
    r->year = high * 100 + low, r->end += 4;
    return high < 100 && low < 100 && r->year >= 1700 && r->year < 2200;
}

/* A table that the caller fills: keys of one width, in which the last one found is looked at first. */
typedef struct {
    const u8 *keys;
    Py_ssize_t count, last;
} Table;

static int known(Table *table, const u8 *key, size_t width)
{
    if (table->last < table->count && !memcmp(table->keys + (size_t)table->last * width, key, width))
        return 1;
    for (table->last = 0; table->last < table->count; table->last++)
        if (!memcmp(table->keys + (size_t)table->last * width, key, width))
            return 1;
    return 0;
}

enum { READ, NONE, NEW_DATE, NEW_ZONE };

/* What follows the time of day, by the template's tail: `f`, two marks, must; `z`, must; `Y`; `L`, length, text. */
static int read_tail(const Template *form, Reader *r, Table *zones, const i64 *zone_values)
{
    for (Py_ssize_t k = 0; k < form->size;) {
        const u8 *op = form->tail + k;
        if (r->end > r->stop)
            return NONE;
        if (op[0] == 'f') {
            i64 before = r->end;
            read_fraction(r, op[1], op[2]);
            if (op[3] && r->end == before)
                return NONE;
            k += 4;
        } else if (op[0] == 'z') {
            if (r->end < r->stop) {
                if (r->end + 8 > r->size)
                    return NONE;
                if (!known(zones, r->text + r->end, 8))
                    return NEW_ZONE;
                r->zone = zone_values[2 * zones->last], r->end += zone_values[2 * zones->last + 1];
            }
            if (op[1] && r->zone == NO_ZONE)
                return NONE;
            k += 2;
        } else if (op[0] == 'Y') {
            if (!read_year(r))
                return NONE;
            k += 1;
        } else {
            if (r->end + op[1] > r->size || memcmp(r->text + r->end, op + 2, op[1]))
                return NONE;
            r->end += op[1], k += 2 + op[1];
        }
    }
    return r->end <= r->stop ? READ : NONE;
}

/* stamps(data, at, stop, first row, template, tail, dates, days, zones, zone values, valid, wall, offset, end)
 * -> (row, why, end, year): Stamp.decode from a row on, rows that are not `valid` passed over. It stops at a row whose date (why
 * is 2) or zone (3) the tables do not hold yet: to read those is the caller's, and they change seldom. */
PyObject *native_stamps(PyObject *self, PyObject *args)
{
    PyObject *data, *o[11];
    Py_ssize_t row;
    Template form;
    const char *tail;
    Held held = {.count = 0};
    int second;
    if (!PyArg_ParseTuple(args, "OOOn(iiiiii)y#OOOOOOOO", &data, &o[0], &o[1], &row, &form.time_at, &form.fixed,
                          &form.hour, &form.minute, &second, &form.mark, &tail, &form.size, &o[2], &o[3], &o[4],
                          &o[5], &o[6], &o[7], &o[8], &o[9]))
        return NULL;
    form.tail = (const u8 *)tail, form.second = second;
    Table dates = {.last = 0}, zones = {.last = 0};
    const u8 *text = taken(&held, data, 0, 0, 0);
    i64 size = text ? last_size(&held) : 0;
    u8 *valid = text ? taken(&held, o[6], 1, 0, 0) : NULL;
    Py_ssize_t count = valid ? last_size(&held) : 0;
    const i64 *start = valid ? taken(&held, o[0], 0, 8, count) : NULL;
    const i64 *stop = start ? taken(&held, o[1], 0, 8, count) : NULL;
    dates.keys = stop ? taken(&held, o[2], 0, 0, 0) : NULL;
    dates.count = dates.keys ? last_size(&held) / DATE_KEY : 0;
    const i64 *days = dates.keys ? taken(&held, o[3], 0, 8, dates.count) : NULL;
    zones.keys = days ? taken(&held, o[4], 0, 0, 0) : NULL;
    zones.count = zones.keys ? last_size(&held) / 8 : 0;
    const i64 *zone_values = zones.keys ? taken(&held, o[5], 0, 8, 2 * zones.count) : NULL;
    i64 *wall = zone_values ? taken(&held, o[7], 1, 8, count) : NULL;
    i64 *offset = wall ? taken(&held, o[8], 1, 8, count) : NULL;
    i64 *end = offset ? taken(&held, o[9], 1, 8, count) : NULL;
    if (!end) {
        release(&held);
        return NULL;
    }
    i64 place = 0, year = 0;
    int why = READ, bad = row < 0 || form.time_at < 0 || form.time_at > YEAR_AT || form.fixed < form.time_at + 5;
    u8 key[DATE_KEY] = {0};
    Py_BEGIN_ALLOW_THREADS
    for (; row < count && !bad; row++) {
        if (!valid[row])
            continue;
        i64 at = start[row];
        valid[row] = 0;
        if (at < 0 || stop[row] > size) {
            bad = 1;
            break;
        }
        if (at > stop[row] - form.fixed)
            continue;
        int seconds = time_of_day(&form, text + at + form.time_at);
        if (seconds < 0)
            continue;
        Reader r = {text, size, stop[row], at + form.fixed, 0, 0, NO_ZONE, 0};
        why = read_tail(&form, &r, &zones, zone_values);
        if (why == READ) {
            memcpy(key, text + at, (size_t)form.time_at);
            memcpy(key + YEAR_AT, &r.year, 8);
            if (!known(&dates, key, DATE_KEY))
                why = NEW_DATE;
        }
        if (why > NONE) {
            valid[row] = 1, place = r.end, year = r.year;
            break;
        }
        if (why == READ && days[dates.last] > -((i64)1 << 40)) {
            /* Unsigned: what no date reaches may wrap around, as NumPy's does. */
            uint64_t since = (uint64_t)days[dates.last] * (uint64_t)DAY + (uint64_t)seconds;
            wall[row] = (i64)(since * (uint64_t)SECOND + (uint64_t)r.fraction);
            offset[row] = r.zone, end[row] = r.end, valid[row] = 1;
        }
    }
    Py_END_ALLOW_THREADS
    release(&held);
    return bad ? outside() : Py_BuildValue("niLL", row, row < count ? why : READ, (long long)place, (long long)year);
}
