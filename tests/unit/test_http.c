/* The router, the query, and the limits of the server over real loopback sockets. Expected answers: RFC 9110, RFC 9457. */
#include "unit/check.h"

#include "http/gf_http.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- Forms ---- */

static void a_form_gives_its_first_file(void **state)
{
    /* RFC 7578 section 4; names as Firefox, Chromium (%22) and curl (\") send them. */
    static const struct { const char *type, *body, *name, *bytes; } ROWS[] = {
        { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.csv\"\r\n\r\nx\r\n--b--\r\n", "a.csv", "x" },
        { "multipart/form-data; charset=utf-8; boundary=\"b c\"", "preamble\r\n--b c\r\nContent-Disposition: form-data; name=t\r\n\r\n1\r\n--b c  \r\ncontent-disposition: form-data; filename=z.csv; name=f\r\n"
          "Content-Type: text/csv\r\n\r\n\r\n--b\r\n\r\n--b c--", "z.csv", "\r\n--b\r\n" },
        { "Multipart/Form-Data;BOUNDARY=b", "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\\\x/%22表\\\"; 1.csv\"\r\n\r\n\r\n--b--", "\"表\"; 1.csv", "" },
        { "multipart/form-data; boundary=b", "--b\r\n\r\nno headers\r\n--b\r\nContent-Disposition: form-data; filename=\"\"\r\n\r\ny\r\n--b--", "", "y" },
    };
    for (size_t i = 0; i < GF_COUNT(ROWS); i++) {
        gf_http_file file;
        gf_error err;
        assert_int_equal(gf_http_form_file(gf_str_of(ROWS[i].type), gf_str_of(ROWS[i].body), *state, &file, &err), GF_OK);
        assert_text(file.name, ROWS[i].name);
        assert_text(file.bytes, ROWS[i].bytes);
    }
}

static void a_broken_form_gives_nothing(void **state)
{
    static const struct { const char *type, *body; } ROWS[] = {
        { "multipart/form-data", "--b\r\n\r\nx\r\n--b--" },                                           /* no boundary */
        { "multipart/form-data; boundary=", "--\r\n\r\nx\r\n----" },
        { "multipart/form-data; boundary=b", "" },
        { "multipart/form-data; boundary=b", "--b--\r\n" },                                           /* no part */
        { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=f\r\n\r\nx\r\n--b--" },   /* no file */
        { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; filename=f\r\n\r\nx" },        /* cut off */
        { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; filename=f\r\n" },
        { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; filename=\"a\xff\"\r\n\r\nx\r\n--b--" },
        { "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; filename=\"a\x01\"\r\n\r\nx\r\n--b--" },
    };
    for (size_t i = 0; i < GF_COUNT(ROWS); i++) {
        gf_http_file file;
        gf_error err = { .status = GF_OK };
        assert_int_equal(gf_http_form_file(gf_str_of(ROWS[i].type), gf_str_of(ROWS[i].body), *state, &file, &err), GF_EUSAGE);
        assert_true(err.what[0]);
    }
}

/* ---- Paths and queries ---- */

static void a_pattern_takes_its_segments(void **state)
{
    static const struct { const char *pattern, *path; bool matches; const char *first, *second; } ROWS[] = {
        { "/", "/", true, NULL, NULL }, { "/", "/x", false, NULL, NULL }, { "/a", "/a", true, NULL, NULL }, { "/a", "/a/", false, NULL, NULL },
        { "/a/{x}", "/a/b", true, "b", NULL }, { "/a/{x}", "/a/", false, NULL, NULL }, { "/a/{x}", "/a", false, NULL, NULL },
        { "/a/{x}", "/a/b/c", false, NULL, NULL }, { "/a/{x*}", "/a/b/c", true, "b/c", NULL }, /* * takes the rest: figure ids hold slashes */
        { "/a/{x}/c/{y}", "/a/b/c/d", true, "b", "d" }, { "/a/{x}/c", "/a//c", false, NULL, NULL }, { "/a/{x}/c", "/a/b/d", false, NULL, NULL },
        { "/t/{x}", "/t/total.group.cash.paid@2021-07%2F2023-12", true, "total.group.cash.paid@2021-07/2023-12", NULL },
        { "/t/{x}", "/t/%E6%B3%B0%e9%a1%ba", true, "泰顺", NULL }, { "/t/{x}", "/t/a+b", true, "a+b", NULL },
        { "/t/{x}", "/t/%zz", false, NULL, NULL }, { "/t/{x}", "/t/%4", false, NULL, NULL }, { "/t/{x}", "/t/%00", false, NULL, NULL }, { "/t/{x}", "/t/%ff", false, NULL, NULL },
    };
    for (size_t i = 0; i < GF_COUNT(ROWS); i++) {
        gf_http_request request = { .arena = *state };
        assert_int_equal(gf_http_match(ROWS[i].pattern, gf_str_of(ROWS[i].path), &request), ROWS[i].matches);
        if (ROWS[i].first)
            assert_text(request.params[0], ROWS[i].first);
        if (ROWS[i].second)
            assert_text(request.params[1], ROWS[i].second);
        if (ROWS[i].matches)
            assert_int_equal(request.param_count, (ROWS[i].first != NULL) + (ROWS[i].second != NULL));
    }
}

static void a_pattern_of_too_many_names_matches_nothing(void **state)
{
    gf_http_request request = { .arena = *state };
    assert_false(gf_http_match("/{a}/{b}/{c}/{d}/{e}", GF_STR("/1/2/3/4/5"), &request));
    assert_true(gf_http_match("/{a}/{b}/{c}/{d}", GF_STR("/1/2/3/4"), &request));
}

static void a_query_is_decoded_once(void **state)
{
    gf_http_request request = { .arena = *state };
    assert_true(gf_http_parse_query(GF_STR("a=1&b=%E6%B3%B0+%2B%26&&c&d=x=y&e=%2541"), &request));
    assert_int_equal(request.query_count, 5);
    assert_text(gf_http_query(&request, "a"), "1");
    assert_text(gf_http_query(&request, "b"), "泰 +&");
    assert_text(gf_http_query(&request, "c"), "");
    assert_text(gf_http_query(&request, "d"), "x=y");
    assert_text(gf_http_query(&request, "e"), "%41");  /* not decoded again */
    assert_text(gf_http_query(&request, "f"), "");
}

static void a_malformed_query_is_refused(void **state)
{
    static const char *const BAD[] = { "a=%", "a=%4", "a=%g0", "%=1", "a=%00", "a=%FF", "a=%C0%80", "a=%ED%A0%80" };  /* cut, no hex, NUL, no UTF-8, overlong, surrogate */
    for (size_t i = 0; i < GF_COUNT(BAD); i++) {
        gf_http_request request = { .arena = *state };
        assert_false(gf_http_parse_query(gf_str_of(BAD[i]), &request));
    }
}

static void a_query_has_a_bound(void **state)
{
    char many[4 * (GF_HTTP_QUERY_MAX + 1) + 1] = "";
    for (int i = 0; i < GF_HTTP_QUERY_MAX; i++)
        strcat(many, "a=1&");
    gf_http_request request = { .arena = *state };
    assert_true(gf_http_parse_query(gf_str_of(many), &request));
    strcat(many, "a=1");
    request = (gf_http_request){ .arena = *state };
    assert_false(gf_http_parse_query(gf_str_of(many), &request));
}

/* ---- The server ---- */

enum { BODY_BYTES_MAX = 1000 };

static gf_status echo(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    (void)context, (void)err;
    gf_text text;
    gf_text_init(&text, request->arena);
    gf_text_format(&text, "%s %zu %.*s", request->method, request->body.len, GF_STR_ARG(gf_http_query(request, "q")));
    out->body = gf_text_str(&text);
    out->etag = GF_STR("abc");
    return GF_OK;
}

static gf_status refuse(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    (void)context, (void)out;
    (void)gf_fail(err, GF_EINPUT, "test.refused", "Try \"again\".", "no %.*s here", GF_STR_ARG(request->params[0]));
    return gf_fail_at(err, "line 1");
}

/* Done, as it seems; then what stands behind it fails. */
static gf_status promise(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    (void)context;
    out->status = 201;
    out->body = GF_STR("{\"id\":1}");
    out->etag = GF_STR("abc");
    (void)gf_http_add_header(request, out, "Location", GF_STR("/echo"));
    return gf_fail(err, GF_EIO, "test.lost", "Try again.", "the line was lost");
}

static const gf_http_route ROUTES[] = { { "GET", "/promise", promise }, { "GET", "/echo", echo }, { "POST", "/echo", echo }, { "GET", "/refuse/{what}", refuse } };

static gf_status open_server(const char *listen, gf_http **out, gf_error *err)
{
    gf_http_options options = { .listen = gf_str_of(listen), .routes = ROUTES, .route_count = GF_COUNT(ROUTES), .body_bytes_max = BODY_BYTES_MAX };
    return gf_http_open(&options, out, err);
}

/* Sends the bytes, then reads until the server closes. */
static gf_str exchange(const gf_http *server, gf_arena *keep, const char *bytes, size_t len)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)gf_http_port(server)) };
    gf_text answer;
    char part[4096];
    ssize_t got;
    gf_text_init(&answer, keep);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int line = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(line >= 0);
    assert_int_equal(connect(line, (struct sockaddr *)&address, sizeof address), 0);
    for (size_t sent = 0; sent < len;) {
        ssize_t now = send(line, bytes + sent, len - sent, MSG_NOSIGNAL);
        if (now <= 0)
            break;  /* the server has heard enough */
        sent += (size_t)now;
    }
    while ((got = recv(line, part, sizeof part, 0)) > 0)
        gf_text_add(&answer, (gf_str){ part, (size_t)got });
    (void)close(line);
    return gf_text_str(&answer);
}

static gf_str ask(const gf_http *server, gf_arena *keep, const char *method, const char *target, const char *headers, const char *body)
{
    gf_text text;
    gf_text_init(&text, keep);
    gf_text_format(&text, "%s %s HTTP/1.1\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n%s", method, target, headers, strlen(body), body);
    return exchange(server, keep, gf_text_str(&text).data, gf_text_str(&text).len);
}

static const char LOCAL[] = "Host: 127.0.0.1\r\n";

static bool says(gf_str answer, const char *status, const char *piece)
{
    gf_str head = gf_str_slice(answer, 0, gf_str_find(answer, GF_STR("\r\n")));
    bool ok = gf_str_has(head, gf_str_of(status)) && gf_str_has(answer, gf_str_of(piece));
    if (!ok)
        printf("expected %s with \"%s\", got:\n%.*s\n", status, piece, GF_STR_ARG(answer));
    return ok;
}

static void a_request_reaches_its_handler(void **state)
{
    gf_http *server = NULL;
    assert_int_equal(open_server("127.0.0.1:0", &server, NULL), GF_OK);
    assert_true(says(ask(server, *state, "GET", "/echo?q=%E6%B3%B0", LOCAL, ""), " 200 ", "\r\n\r\nGET 0 泰"));
    assert_true(says(ask(server, *state, "POST", "/echo?q=a+b", "Host: localhost:80\r\n", "12345"), " 200 ", "\r\n\r\nPOST 5 a b"));
    gf_str head = ask(server, *state, "HEAD", "/echo?q=x", LOCAL, "");
    assert_true(says(head, " 200 ", "Content-Length: 8"));
    assert_true(gf_str_ends(head, GF_STR("\r\n\r\n")));  /* the length of "HEAD 0 x", without the body */
    gf_http_close(server);
}

static void nothing_is_promised_that_failed(void **state)
{
    gf_http *server = NULL;
    assert_int_equal(open_server("127.0.0.1:0", &server, NULL), GF_OK);
    gf_str answer = ask(server, *state, "GET", "/promise", LOCAL, "");
    assert_true(says(answer, " 503 ", "\"status\":503,\"detail\":\"the line was lost\""));
    assert_false(gf_str_has(answer, GF_STR("\"id\":1")));
    assert_false(gf_str_has(answer, GF_STR("Location")));
    gf_http_close(server);
}

static void every_answer_carries_the_safe_headers(void **state)
{
    static const char *const HEADERS[] = { "Content-Security-Policy: default-src 'self';", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "Cache-Control: " };
    gf_http *server = NULL;
    assert_int_equal(open_server("127.0.0.1:0", &server, NULL), GF_OK);
    for (size_t i = 0; i < GF_COUNT(HEADERS); i++) {
        assert_true(says(ask(server, *state, "GET", "/echo", LOCAL, ""), " 200 ", HEADERS[i]));
        assert_true(says(ask(server, *state, "GET", "/nothing", LOCAL, ""), " 404 ", HEADERS[i]));
    }
    gf_http_close(server);
}

static void a_failure_is_a_problem_document(void **state)
{
    gf_http *server = NULL;
    assert_int_equal(open_server("127.0.0.1:0", &server, NULL), GF_OK);
    gf_str answer = ask(server, *state, "GET", "/refuse/tea", LOCAL, "");
    assert_true(says(answer, " 422 ", "Content-Type: application/problem+json"));
    static const char *const PIECES[] = { "\"status\":422", "\"code\":\"test.refused\"", "\"detail\":\"no tea here\"", "\"where\":\"line 1\"", "\"hint\":\"Try \\\"again\\\".\"" };
    for (size_t i = 0; i < GF_COUNT(PIECES); i++)
        assert_true(says(answer, " 422 ", PIECES[i]));
    assert_true(says(ask(server, *state, "GET", "/echo?q=%ff", LOCAL, ""), " 400 ", "\"code\":\"http.query\""));
    gf_http_close(server);
}

static void a_method_that_is_not_served_names_those_that_are(void **state)
{
    gf_http *server = NULL;
    assert_int_equal(open_server("127.0.0.1:0", &server, NULL), GF_OK);
    assert_true(says(ask(server, *state, "DELETE", "/echo", LOCAL, ""), " 405 ", "Allow: GET, HEAD, POST, OPTIONS\r\n"));
    assert_true(says(ask(server, *state, "POST", "/refuse/x", LOCAL, ""), " 405 ", "Allow: GET, HEAD, OPTIONS\r\n"));
    assert_true(says(ask(server, *state, "OPTIONS", "/echo", LOCAL, ""), " 204 ", "Allow: GET, HEAD, POST, OPTIONS\r\n"));
    assert_true(says(ask(server, *state, "OPTIONS", "/nothing", LOCAL, ""), " 404 ", "\"code\":\"http.path\""));
    gf_http_close(server);
}

static void a_held_copy_is_not_sent_again(void **state)
{
    gf_http *server = NULL;
    assert_int_equal(open_server("127.0.0.1:0", &server, NULL), GF_OK);
    assert_true(says(ask(server, *state, "GET", "/echo", "Host: 127.0.0.1\r\nIf-None-Match: \"abc\"\r\n", ""), " 304 ", "ETag: \"abc\""));
    assert_true(says(ask(server, *state, "GET", "/echo", "Host: 127.0.0.1\r\nIf-None-Match: \"abd\"\r\n", ""), " 200 ", "GET 0"));
    gf_http_close(server);
}

/* A page of another site that points its name at this machine must not read the books (DNS rebinding). */
static void only_the_names_of_this_machine_are_answered(void **state)
{
    static const char *const FOREIGN[] = { "Host: books.example\r\n", "Host: 127.0.0.1.evil.example\r\n", "Host: localhost.example:8080\r\n", "Host: \r\n", "Host: evil:127.0.0.1\r\n", "Host: [::1].example\r\n" };
    static const char *const OWN[] = { "Host: 127.0.0.1\r\n", "Host: 127.0.0.1:8080\r\n", "Host: localhost\r\n", "Host: [::1]:8080\r\n" };
    gf_http *server = NULL;
    assert_int_equal(open_server("127.0.0.1:0", &server, NULL), GF_OK);
    for (size_t i = 0; i < GF_COUNT(FOREIGN); i++)
        assert_true(says(ask(server, *state, "GET", "/echo", FOREIGN[i], ""), " 421 ", "\"code\":\"http.host\""));
    for (size_t i = 0; i < GF_COUNT(OWN); i++)
        assert_true(says(ask(server, *state, "GET", "/echo", OWN[i], ""), " 200 ", "GET 0"));
    gf_http_close(server);
}

static void a_body_has_a_bound(void **state)
{
    static char body[20 * BODY_BYTES_MAX + 1];
    gf_http *server = NULL;
    assert_int_equal(open_server("127.0.0.1:0", &server, NULL), GF_OK);
    memset(body, 'x', sizeof body - 1);
    body[BODY_BYTES_MAX] = '\0';
    assert_true(says(ask(server, *state, "POST", "/echo", LOCAL, body), " 200 ", "POST 1000"));
    body[BODY_BYTES_MAX] = 'x';
    body[BODY_BYTES_MAX + 1] = '\0';
    assert_true(says(ask(server, *state, "POST", "/echo", LOCAL, body), " 413 ", "\"code\":\"http.large\""));
    body[BODY_BYTES_MAX + 1] = 'x';
    assert_false(gf_str_has(ask(server, *state, "POST", "/echo", LOCAL, body), GF_STR(" 200 ")));  /* far beyond: cut off */
    assert_true(says(ask(server, *state, "GET", "/echo", LOCAL, ""), " 200 ", "GET 0"));  /* and others are served on */
    gf_http_close(server);
}

static void bytes_that_are_no_request_end_nothing(void **state)
{
    static const struct { const char *bytes; size_t len; } BAD[] = {
        { "", 0 }, { "\r\n\r\n", 4 }, { "GET\r\n\r\n", 7 }, { "\x16\x03\x01\x00\xff", 5 }, { "GET /echo HTTP/1.1\r\nContent-Length: -1\r\nHost: localhost\r\n\r\n", 57 },
        { "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n", 92 },
    };
    gf_http *server = NULL;
    assert_int_equal(open_server("127.0.0.1:0", &server, NULL), GF_OK);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)gf_http_port(server)) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (size_t i = 0; i < GF_COUNT(BAD); i++) {  /* sent and left alone: some of them make the server wait for more */
        int line = socket(AF_INET, SOCK_STREAM, 0);
        assert_int_equal(connect(line, (struct sockaddr *)&address, sizeof address), 0);
        (void)send(line, BAD[i].bytes, BAD[i].len, MSG_NOSIGNAL);
        (void)close(line);
    }
    assert_true(says(ask(server, *state, "GET", "/echo", LOCAL, ""), " 200 ", "GET 0"));
    gf_http_close(server);
}

static void an_address_is_of_this_machine(void **state)
{
    static const struct { const char *listen; gf_status status; const char *code; } ROWS[] = {
        { "0.0.0.0:0", GF_EDENIED, "http.loopback" }, { "192.168.1.4:8080", GF_EDENIED, "http.loopback" }, { "8080", GF_EUSAGE, "http.address" }, { "127.0.0.1", GF_EUSAGE, "http.address" },
        { "127.0.0.1:99999", GF_EUSAGE, "http.address" }, { "127.0.0.1:-1", GF_EUSAGE, "http.address" }, { "books:80", GF_EUSAGE, "http.address" }, { "", GF_EUSAGE, "http.address" },
    };
    (void)state;
    for (size_t i = 0; i < GF_COUNT(ROWS); i++) {
        gf_http *server = NULL;
        gf_error err;
        assert_int_equal(open_server(ROWS[i].listen, &server, &err), ROWS[i].status);
        assert_string_equal(err.code, ROWS[i].code);
        assert_true(err.hint[0] != '\0');
        assert_null(server);
    }
}

static void a_taken_port_is_told(void **state)
{
    gf_http *first = NULL, *second = NULL;
    gf_error err;
    char listen[32];
    (void)state;
    assert_int_equal(open_server("localhost:0", &first, NULL), GF_OK);
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%u", gf_http_port(first));
    assert_int_equal(open_server(listen, &second, &err), GF_ECONFLICT);
    assert_string_equal(err.code, "http.port");
    gf_http_close(first);
    assert_int_equal(open_server(listen, &second, &err), GF_OK);  /* and free again after closing */
    gf_http_close(second);
    gf_http_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_form_gives_its_first_file), TEST(a_broken_form_gives_nothing), TEST(a_pattern_takes_its_segments), TEST(a_pattern_of_too_many_names_matches_nothing), TEST(a_query_is_decoded_once), TEST(a_malformed_query_is_refused), TEST(a_query_has_a_bound),
        TEST(a_request_reaches_its_handler), TEST(nothing_is_promised_that_failed), TEST(every_answer_carries_the_safe_headers), TEST(a_failure_is_a_problem_document), TEST(a_method_that_is_not_served_names_those_that_are),
        TEST(a_held_copy_is_not_sent_again), TEST(only_the_names_of_this_machine_are_answered), TEST(a_body_has_a_bound), TEST(bytes_that_are_no_request_end_nothing),
        TEST(an_address_is_of_this_machine), TEST(a_taken_port_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
