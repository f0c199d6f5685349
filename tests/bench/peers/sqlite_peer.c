/* SPDX-License-Identifier: MPL-2.0
 * What amate-bench does to a vault, done to SQLite and to SQLCipher (with -DPEER_KEY): the same
 * statements, the same rows, the same clock. One process does one step and prints its figures.
 *
 *   peer commits|bulk FOLDER ROWS COUNT LENGTH   COUNT rows of LENGTH bytes, one by one or at once
 *   peer notes FOLDER LINES                      a full-text table, one row for each line
 *   peer reads FOLDER COUNT                      each row once, in no order
 *   peer open|screen|scan FOLDER                 on a fresh connection each time
 *   peer search FOLDER WORDS
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sqlite3.h"

/* Fresh connections whose median is told. */
enum { SAMPLES = 15 };

static void stop(const char *what) {
    fprintf(stderr, "peer: %s\n", what);
    exit(1);
}

static void must(sqlite3 *db, int code, int wanted) {
    if (code != wanted) stop(db ? sqlite3_errmsg(db) : "no memory");
}

static uint64_t now(void) {
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0) stop("no clock");
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A number after a word in a file of /proc/self. */
static uint64_t own(const char *file, const char *word) {
    char line[256];
    FILE *in = fopen(file, "r");
    if (!in) stop(file);
    uint64_t value = 0;
    while (fgets(line, sizeof line, in))
        if (strncmp(line, word, strlen(word)) == 0) value = strtoull(line + strlen(word), NULL, 10);
    fclose(in);
    return value;
}

/* Bytes that this process gave to the file system. */
static uint64_t written(void) { return own("/proc/self/io", "wchar:"); }

static void say(const char *name, uint64_t value) { printf("%s %llu\n", name, (unsigned long long)value); }

static int by_size(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void say_times(uint64_t *times, size_t count) {
    qsort(times, count, sizeof *times, by_size);
    say("p50", times[count / 2]);
    say("p99", times[count * 99 / 100]);
}

static void run(sqlite3 *db, const char *sql) { must(db, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK); }

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    must(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    return statement;
}

/* Steps through all rows and takes each column, as a program that shows them does. */
static uint64_t all(sqlite3 *db, sqlite3_stmt *statement) {
    uint64_t bytes = 0;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        for (int column = 0; column < sqlite3_column_count(statement); column++) {
            if (sqlite3_column_type(statement, column) == SQLITE_INTEGER) {
                sqlite3_column_int64(statement, column);
                continue;
            }
            sqlite3_column_text(statement, column);
            bytes += (uint64_t)sqlite3_column_bytes(statement, column);
        }
    must(db, code, SQLITE_DONE);
    must(db, sqlite3_reset(statement), SQLITE_OK);
    return bytes;
}

/* Open, and the first page read: a wrong key would be noticed. */
static sqlite3 *open_at(const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/records.db", folder);
    sqlite3 *db = NULL;
    must(db, sqlite3_open(path, &db), SQLITE_OK);
#ifdef PEER_KEY
    /* A raw key: its own derivation from a passphrase is not what is measured. */
    run(db, "PRAGMA key = \"x'2f1c7a09e4b85d36c1f0a7738e92d45b60ff31ac9be80d2745c6f19a8b03de72'\"");
#endif
    run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    run(db, "SELECT count(*) FROM sqlite_schema");
    return db;
}

static void close_it(sqlite3 *db) { must(db, sqlite3_close(db), SQLITE_OK); }

static char *material(const char *path, size_t *length) {
    FILE *in = fopen(path, "rb");
    if (!in || fseek(in, 0, SEEK_END) != 0) stop(path);
    long end = ftell(in);
    if (end < 0) stop(path);
    rewind(in);
    char *bytes = malloc((size_t)end + 1);
    if (!bytes || fread(bytes, 1, (size_t)end, in) != (size_t)end) stop(path);
    fclose(in);
    bytes[end] = 0;
    *length = (size_t)end;
    return bytes;
}

static void insert(sqlite3 *db, sqlite3_stmt *statement, const char *text, size_t length) {
    must(db, sqlite3_bind_text(statement, 1, text, (int)length, SQLITE_STATIC), SQLITE_OK);
    must(db, sqlite3_step(statement), SQLITE_DONE);
    must(db, sqlite3_reset(statement), SQLITE_OK);
}

/* The rows are read as they are needed, so that memory is not theirs. */
static void fill(const char *folder, const char *path, size_t count, size_t length, int one_by_one) {
    FILE *rows = fopen(path, "rb");
    char *row = malloc(length);
    uint64_t *times = calloc(count, sizeof *times);
    if (!rows || !row || !times) stop(path);
    sqlite3 *db = open_at(folder);
    run(db, "CREATE TABLE records(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT");
    sqlite3_stmt *statement = prepare(db, "INSERT INTO records(body) VALUES(?1)");
    uint64_t before = written(), began = now();
    if (!one_by_one) run(db, "BEGIN IMMEDIATE");
    for (size_t n = 0; n < count; n++) {
        uint64_t start = now();
        if (one_by_one) run(db, "BEGIN IMMEDIATE");
        if (fread(row, 1, length, rows) != length) stop("too few rows");
        insert(db, statement, row, length);
        if (one_by_one) run(db, "COMMIT");
        times[n] = now() - start;
    }
    if (!one_by_one) run(db, "COMMIT");
    say("total", now() - began);
    say_times(times, count);
    must(db, sqlite3_finalize(statement), SQLITE_OK);
    /* What a later checkpoint writes belongs to what was saved. */
    close_it(db);
    say("written", written() - before);
    fclose(rows);
}

static void notes(const char *folder, const char *path) {
    size_t length;
    char *text = material(path, &length);
    sqlite3 *db = open_at(folder);
    run(db, "CREATE VIRTUAL TABLE notes USING fts5(body)");
    sqlite3_stmt *statement = prepare(db, "INSERT INTO notes(body) VALUES(?1)");
    run(db, "BEGIN IMMEDIATE");
    for (char *end; (end = strchr(text, '\n')); text = end + 1) insert(db, statement, text, (size_t)(end - text));
    run(db, "COMMIT");
    must(db, sqlite3_finalize(statement), SQLITE_OK);
    close_it(db);
}

static void reads(const char *folder, uint64_t count) {
    sqlite3 *db = open_at(folder);
    sqlite3_stmt *statement = prepare(db, "SELECT body FROM records WHERE id = ?1");
    uint64_t bytes = 0, began = now();
    for (uint64_t n = 0; n < count; n++) {
        must(db, sqlite3_bind_int64(statement, 1, (sqlite3_int64)(n * 7919 % count + 1)), SQLITE_OK);
        bytes += all(db, statement);
    }
    say("total", now() - began);
    say("bytes", bytes);
    must(db, sqlite3_finalize(statement), SQLITE_OK);
    close_it(db);
}

static void opens(const char *folder) {
    uint64_t times[SAMPLES];
    for (int n = 0; n < SAMPLES; n++) {
        uint64_t began = now();
        sqlite3 *db = open_at(folder);
        times[n] = now() - began;
        close_it(db);
    }
    say_times(times, SAMPLES);
}

static void asks(const char *folder, const char *sql, const char *words) {
    uint64_t times[SAMPLES], bytes = 0;
    for (int n = 0; n < SAMPLES; n++) {
        sqlite3 *db = open_at(folder);
        uint64_t began = now();
        sqlite3_stmt *statement = prepare(db, sql);
        if (words) must(db, sqlite3_bind_text(statement, 1, words, -1, SQLITE_STATIC), SQLITE_OK);
        bytes = all(db, statement);
        times[n] = now() - began;
        must(db, sqlite3_finalize(statement), SQLITE_OK);
        close_it(db);
    }
    say_times(times, SAMPLES);
    say("bytes", bytes);
}

/* Bytes of the pages of the database. */
static void pages(const char *folder) {
    sqlite3 *db = open_at(folder);
    sqlite3_stmt *statement =
        prepare(db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    must(db, sqlite3_step(statement), SQLITE_ROW);
    say("live", (uint64_t)sqlite3_column_int64(statement, 0));
    must(db, sqlite3_finalize(statement), SQLITE_OK);
    close_it(db);
}

int main(int count, char **words) {
    if (count < 3) stop("peer STEP FOLDER ...");
    const char *step = words[1], *folder = words[2];
    if (strcmp(step, "commits") == 0 && count == 6)
        fill(folder, words[3], strtoull(words[4], NULL, 10), strtoull(words[5], NULL, 10), 1);
    else if (strcmp(step, "bulk") == 0 && count == 6)
        fill(folder, words[3], strtoull(words[4], NULL, 10), strtoull(words[5], NULL, 10), 0);
    else if (strcmp(step, "notes") == 0 && count == 4)
        notes(folder, words[3]);
    else if (strcmp(step, "reads") == 0 && count == 4)
        reads(folder, strtoull(words[3], NULL, 10));
    else if (strcmp(step, "open") == 0)
        opens(folder);
    else if (strcmp(step, "pages") == 0)
        pages(folder);
    else if (strcmp(step, "screen") == 0)
        asks(folder, "SELECT id, body FROM records ORDER BY id DESC LIMIT 50", NULL);
    else if (strcmp(step, "scan") == 0)
        asks(folder, "SELECT sum(length(body)), '' FROM records", NULL);
    else if (strcmp(step, "search") == 0 && count == 4)
        asks(folder, "SELECT rowid, body FROM notes WHERE notes MATCH ?1 ORDER BY rank LIMIT 50", words[3]);
    else
        stop("no such step");
    say("peak", own("/proc/self/status", "VmHWM:"));
    return 0;
}
