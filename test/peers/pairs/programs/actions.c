/* What the cases of ../cases.ts ask of an application (README.md), by libfcgi: `actions SOCKET PROCESSES THREADS TURNS`. TURNS
   of 1: threads accept one after the other, as libfcgi's example threaded.c does it; a thread that waits on a kept
   connection then holds up all others. */

#include <fcgiapp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int listener, turns;
static pthread_mutex_t accepting = PTHREAD_MUTEX_INITIALIZER;

/* FIPS 180-4. */
typedef struct {
    uint32_t state[8];
    uint64_t total;
    unsigned char block[64];
} sha256;

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static void sha256_begin(sha256 *s) {
    static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(s->state, first, sizeof first);
    s->total = 0;
}

#define ROTATE(x, n) ((x) >> (n) | (x) << (32 - (n)))

static void sha256_block(sha256 *s) {
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++) {
        const unsigned char *b = s->block + 4 * i;
        w[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (ROTATE(a, 7) ^ ROTATE(a, 18) ^ a >> 3) + w[i - 7] + (ROTATE(b, 17) ^ ROTATE(b, 19) ^ b >> 10);
    }
    memcpy(v, s->state, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t e = v[4], a = v[0];
        uint32_t t1 = v[7] + (ROTATE(e, 6) ^ ROTATE(e, 11) ^ ROTATE(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + K[i] + w[i];
        uint32_t t2 = (ROTATE(a, 2) ^ ROTATE(a, 13) ^ ROTATE(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) s->state[i] += v[i];
}

static void sha256_add(sha256 *s, const unsigned char *bytes, size_t length) {
    while (length > 0) {
        size_t at = s->total % 64, taken = 64 - at < length ? 64 - at : length;
        memcpy(s->block + at, bytes, taken);
        s->total += taken, bytes += taken, length -= taken;
        if (s->total % 64 == 0) sha256_block(s);
    }
}

static void sha256_end(sha256 *s, char *hex) {
    uint64_t bits = s->total * 8;
    unsigned char end[72] = {0x80};
    size_t zeros = (119 - s->total % 64) % 64 + 1;
    for (int i = 0; i < 8; i++) end[zeros + i] = bits >> (56 - 8 * i);
    sha256_add(s, end, zeros + 8);
    for (int i = 0; i < 8; i++) sprintf(hex + 8 * i, "%08x", s->state[i]);
}

static void short_sleep(void) {
    struct timespec time = {0, 10 * 1000 * 1000};
    nanosleep(&time, NULL);
}

static void wait_for(const char *path) {
    for (int turn = 0; turn < 6000 && access(path, F_OK) != 0; turn++) short_sleep();
}

static void write_file(const char *path, const char *suffix) {
    char name[4200];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    FILE *file = fopen(name, "w");
    if (file != NULL) fclose(file);
}

static void parameter(FCGX_Request *r, const char *name, char *value, size_t size) {
    const char *query = FCGX_GetParam("QUERY_STRING", r->envp);
    size_t length = strlen(name);
    value[0] = 0;
    for (const char *at = query; at != NULL; at = strchr(at, '&')) {
        if (*at == '&') at++;
        if (strncmp(at, name, length) != 0 || at[length] != '=') continue;
        snprintf(value, size, "%.*s", (int)strcspn(at + length + 1, "&"), at + length + 1);
        return;
    }
}

#define TEXT "Content-Type: text/plain\r\n"

static void answer(FCGX_Request *r) {
    char action[32], gate[4096], piece[65536];
    int length;
    parameter(r, "do", action, sizeof action);
    parameter(r, "gate", gate, sizeof gate);
    if (strcmp(action, "variables") == 0) {
        FCGX_PutS(TEXT "\r\n", r->out);
        for (char **at = r->envp; *at != NULL; at++) FCGX_FPrintF(r->out, "%s\n", *at);
    } else if (strcmp(action, "echo") == 0) {
        FCGX_FPrintF(r->out, "Content-Type: %s\r\n\r\n", FCGX_GetParam("CONTENT_TYPE", r->envp));
        while ((length = FCGX_GetStr(piece, sizeof piece, r->in)) > 0) FCGX_PutStr(piece, length, r->out);
    } else if (strcmp(action, "digest") == 0) {
        char hex[65];
        uint64_t total;
        sha256 s;
        sha256_begin(&s);
        while ((length = FCGX_GetStr(piece, sizeof piece, r->in)) > 0) sha256_add(&s, (unsigned char *)piece, length);
        total = s.total;
        sha256_end(&s, hex);
        FCGX_FPrintF(r->out, TEXT "\r\n%ld %s\n", (long)total, hex);
    } else if (strcmp(action, "stream") == 0) {
        FCGX_PutS(TEXT "\r\nfirst\n", r->out);
        FCGX_FFlush(r->out);
        wait_for(gate);
        FCGX_PutS("last\n", r->out);
    } else if (strcmp(action, "endless") == 0) {
        write_file(gate, ".begun");
        FCGX_PutS(TEXT "\r\n", r->out);
        for (;;) {
            for (int i = 0; i < 1000; i++) FCGX_PutS("tick\n", r->out);
            if (FCGX_FFlush(r->out) < 0) break;
            short_sleep();
        }
        write_file(gate, ".ended");
    } else if (strcmp(action, "cut") == 0) {
        FCGX_PutS(TEXT "\r\nbegun\n", r->out);
        FCGX_FFlush(r->out);
        wait_for(gate);
        kill(getpid(), SIGKILL);
    } else if (strcmp(action, "short") == 0) {
        FCGX_PutS(TEXT "Content-Length: 1000\r\n\r\nbegun\n", r->out);
    } else if (strcmp(action, "broken") == 0) {
        FCGX_PutS("Status: 503 Broken Today\r\n" TEXT "\r\nit is broken\n", r->out);
    } else if (strcmp(action, "unchanged") == 0) {
        FCGX_PutS("Status: 304 Not Modified\r\nETag: \"one\"\r\n\r\n", r->out);
    } else if (strcmp(action, "cookies") == 0) {
        FCGX_PutS(TEXT "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nSet-Cookie: c=3; HttpOnly\r\n\r\ncookies\n", r->out);
    } else if (strcmp(action, "diagnostics") == 0) {
        const char *slash = strrchr(gate, '/');
        FCGX_FPrintF(r->err, "a word for the log of %s\n", slash == NULL ? gate : slash + 1);
        FCGX_PutS(TEXT "\r\ntold\n", r->out);
    }
}

static void *serve(void *unused) {
    FCGX_Request request;
    (void)unused;
    FCGX_InitRequest(&request, listener, 0);
    for (;;) {
        if (turns) pthread_mutex_lock(&accepting);
        int accepted = FCGX_Accept_r(&request);
        if (turns) pthread_mutex_unlock(&accepting);
        if (accepted < 0) return NULL;
        answer(&request);
        FCGX_Finish_r(&request);
    }
}

static void start(int threads) {
    if (fork() != 0) return;
    for (int i = 1; i < threads; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, serve, NULL);
    }
    serve(NULL);
    _exit(0);
}

int main(int count, char **words) {
    if (count != 5) return 2;
    FCGX_Init();
    listener = FCGX_OpenSocket(words[1], 100);
    if (listener < 0) return 1;
    chmod(words[1], 0777);
    turns = atoi(words[4]);
    for (int i = 0; i < atoi(words[2]); i++) start(atoi(words[3]));
    while (wait(NULL) > 0) start(atoi(words[3]));
    return 0;
}
