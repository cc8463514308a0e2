#!/usr/bin/python3
"""The application as a container would use it, without a container: application_test.py BUILD_DIR"""
import unittest
from wsgiref.validate import validator

from application_support import application, ask, FILE, native, RULE


class Requests(unittest.TestCase):
    def test_it_answers_as_pep_3333_says(self):
        checked = validator(application)
        answer = ask(to=checked)
        self.assertEqual(answer.status, '200 OK')
        self.assertEqual(answer.header('Content-Length'), [str(len(answer.body))])
        self.assertEqual(answer.header('X-OpenStack-Ironic-Inspector-API-Maximum-Version'), ['1.18'])
        self.assertEqual(ask('GET', '/v1/nothing', to=checked).status, '404 NOT FOUND')

    def test_head_is_answered_without_a_body_and_with_its_length(self):
        got, head = ask(), ask('HEAD')
        self.assertEqual((head.status, head.body), (got.status, b''))
        self.assertEqual(head.headers, got.headers)

    def test_an_answer_without_content_has_no_length(self):
        self.assertEqual(ask('POST', '/v1/rules', RULE).code, 201)
        answer = ask('DELETE', '/v1/rules')
        self.assertEqual((answer.status, answer.body), ('204 NO CONTENT', b''))
        self.assertEqual(answer.header('Content-Length'), [])

    def test_the_path_is_decoded_by_the_container_and_the_query_is_not(self):
        self.assertEqual(ask('GET', '/v1/rules/a b%41?\xc3\xa9').text(), '404 Rule a b%41 was not found')
        self.assertEqual(ask('GET', '/v1/introspection', QUERY_STRING='limit=%30').code, 200)
        self.assertEqual(ask('GET', '/v1/introspection', QUERY_STRING='limit=%GG').code, 400)
        self.assertEqual(ask('GET', '/v1/introspection/\xff').code, 400)
        self.assertEqual(ask('GET', '').code, 200)

    def test_links_name_host_scheme_and_mount(self):
        def link(**more):
            return ask(**more).json()['versions'][0]['links'][0]['href']
        self.assertEqual(link(), 'http://inspector.example:5050/v1')
        self.assertEqual(link(HTTP_HOST='a.example', SCRIPT_NAME='/bare metal'),
                         'http://a.example/bare%20metal/v1')
        self.assertEqual(link(SERVER_NAME='::1', **{'wsgi.url_scheme': 'https'}), 'https://[::1]:5050/v1')
        self.assertEqual(link(HTTP_HOST='a', SCRIPT_NAME='/b', HTTP_X_FORWARDED_PREFIX='/c'), 'http://a/c/v1')
        rule = ask('POST', '/v1/rules', RULE, SCRIPT_NAME='/b').json()
        self.assertEqual(rule['links'][0]['href'], f"/b/v1/rules/{rule['uuid']}")

    def test_headers_arrive(self):
        self.assertEqual(ask('GET', '/v1', HTTP_X_OPENSTACK_IRONIC_INSPECTOR_API_VERSION='9.9').code, 406)
        self.assertEqual(ask('GET', '/healthcheck', HTTP_ACCEPT='application/json').header('Content-Type'),
                         ['application/json'])

    def test_what_is_no_environ_is_a_type_error(self):
        self.assertRaises(TypeError, application, [], lambda *_: None)
        self.assertRaises(TypeError, ask, PATH_INFO=b'/')
        self.assertRaises(TypeError, application)


class Bodies(unittest.TestCase):
    def post(self, body=RULE, **more):
        return ask('POST', '/v1/rules', body, **more)

    def test_a_body_without_a_length_is_read_to_its_end_where_the_container_ends_it(self):
        chunked = {'CONTENT_LENGTH': None, 'HTTP_TRANSFER_ENCODING': 'chunked'}
        self.assertEqual(self.post(**chunked, **{'wsgi.input_terminated': True}).code, 201)
        self.assertEqual(self.post(**chunked, **{'mod_wsgi.input_chunked': '1'}).code, 201)
        self.assertEqual(self.post(**chunked).code, 411)
        self.assertEqual(self.post(HTTP_TRANSFER_ENCODING='chunked').code, 400)

    def test_a_container_may_have_a_function_for_chunks(self):
        chunks = iter([RULE[:10], RULE[10:], b''])
        of_uwsgi = native.Application([FILE], [], lambda: next(chunks))
        answer = ask('POST', '/v1/rules', b'', to=of_uwsgi, HTTP_TRANSFER_ENCODING='chunked')
        self.assertEqual(answer.code, 201)

    def test_a_body_that_does_not_arrive_changes_nothing(self):
        before = len(ask('GET', '/v1/rules').json()['rules'])
        self.assertEqual(self.post(CONTENT_LENGTH='1000').text(), '400 The body of the request did not arrive')

        class Broken:
            def read(self, size):
                raise OSError('the client has gone')
        self.assertEqual(self.post(**{'wsgi.input': Broken()}).code, 400)
        self.assertEqual(len(ask('GET', '/v1/rules').json()['rules']), before)

    def test_what_ends_the_worker_is_passed_on(self):
        class Ending:
            def read(self, size):
                raise SystemExit(3)
        with self.assertRaises(SystemExit):
            self.post(**{'wsgi.input': Ending()})

    def test_lengths_that_are_none_and_inputs_that_lie_are_refused(self):
        for length in ('-1', '1x', ' 5', '99999999999999999999'):
            self.assertEqual(self.post(CONTENT_LENGTH=length).code, 400, length)

        class Longer:
            def read(self, size):
                return RULE + b' ' * size
        self.assertEqual(self.post(**{'wsgi.input': Longer()}).code, 400)

        class Text:
            def read(self, size):
                return 'text'
        self.assertRaises(TypeError, self.post, **{'wsgi.input': Text()})

    def test_a_body_that_is_too_large_is_not_read(self):
        class Unread:
            def read(self, size):
                raise AssertionError('read')
        refused = self.post(CONTENT_LENGTH=str(64 * 1024 * 1024 + 1), **{'wsgi.input': Unread()})
        self.assertEqual(refused.text(), '413 The body of the request is too large')

        class Endless:
            given = 0

            def read(self, size):
                self.given += size
                return b' ' * size
        endless = Endless()
        self.assertEqual(self.post(CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING='chunked',
                                   **{'wsgi.input': endless, 'wsgi.input_terminated': True}).code, 413)
        self.assertLess(endless.given, 65 * 1024 * 1024)


if __name__ == '__main__':
    unittest.main(verbosity=2)
