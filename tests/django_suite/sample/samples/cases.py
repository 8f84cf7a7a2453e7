import os
import time
import unittest

from django.test import SimpleTestCase


class Ends(SimpleTestCase):
    def test_a_passes(self):
        pass

    def test_b_dies(self):
        os._exit(3)

    def test_c_hangs(self):
        time.sleep(3600)

    def test_d_fails(self):
        self.fail("as it should")

    def test_e_raises(self):
        raise ValueError

    @unittest.skip("of no use")
    def test_f_is_skipped(self):
        pass

    @unittest.expectedFailure
    def test_g_fails_as_expected(self):
        self.fail("known")

    @unittest.expectedFailure
    def test_h_does_not_fail_as_expected(self):
        pass

    def test_i_fails_in_a_part(self):
        for number in range(3):
            with self.subTest(number=number):
                assert number != 1


class NeverSetUp(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        raise ValueError

    def test(self):
        pass


class SkippedWhole(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        raise unittest.SkipTest("of no use")

    def test(self):
        pass
