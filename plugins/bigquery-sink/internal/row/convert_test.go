package row

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"time"
)

func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		panic(s)
	}
	return r
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	check := func(us int64) bool {
		us %= (lastDay - firstDay) * dayMicros // from 0001 to 9999
		us = firstDay*dayMicros + (us+(lastDay-firstDay)*dayMicros)%((lastDay-firstDay)*dayMicros)
		at := time.UnixMicro(us).UTC()
		want := at.Format("2006-01-02 15:04:05")
		if n := at.Nanosecond(); n > 0 {
			want += fmt.Sprintf(".%06d", n/1000)
		}
		if got := string(appendLocal(nil, us)); got != want {
			t.Errorf("%d is %s, want %s", us, got, want)
			return false
		}
		return true
	}
	for _, us := range []int64{0, -1, 1, firstDay * dayMicros, lastDay * dayMicros, 951_782_400_000_000, -2_208_988_800_000_000} {
		check(us)
	}
	if err := quick.Check(check, &quick.Config{MaxCount: 20_000}); err != nil {
		t.Error(err)
	}
}

func TestParseMoment(t *testing.T) {
	t.Parallel()
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		for _, s := range []string{
			"1970-01-01T00:00:00Z", "2024-02-29T23:59:59.5Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z",
			"2038-01-19T03:14:07.000001+05:30", "1999-12-31T23:59:59.123456-11:00", "2000-02-29T12:00:00+00:00",
		} {
			want, err := time.Parse(time.RFC3339Nano, s)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := parseMoment([]byte(s)); !ok || got != want.UnixMicro() {
				t.Errorf("%s is %d, %v, want %d", s, got, ok, want.UnixMicro())
			}
		}
	})
	for name, s := range map[string]string{
		"nothing": "", "no zone": "2024-01-02T03:04:05", "a blank": "2024-01-02 03:04:05Z", "month 13": "2024-13-02T03:04:05Z",
		"day 0": "2024-01-00T03:04:05Z", "29 February of no leap year": "2023-02-29T03:04:05Z", "hour 24": "2024-01-02T24:04:05Z",
		"second 60": "2024-01-02T03:04:60Z", "an empty fraction": "2024-01-02T03:04:05.Z", "ten digits": "2024-01-02T03:04:05.1234567890Z",
		"letters": "2024-01-0aT03:04:05Z", "an offset without colon": "2024-01-02T03:04:05+0100", "year 0": "0000-01-02T03:04:05Z",
		"an offset beyond the first day": "0001-01-01T00:00:00+01:00", "an offset of a day": "2024-01-02T03:04:05+24:00",
		"more behind it": "2024-01-02T03:04:05ZZ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, ok := parseMoment([]byte(s)); ok {
				t.Errorf("%q is read as %d", s, got)
			}
		})
	}
}

func FuzzParseMoment(f *testing.F) {
	f.Add("2024-02-29T23:59:59.5Z")
	f.Add("1999-12-31T23:59:59.123456-11:00")
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseMoment([]byte(s))
		if !ok {
			return
		}
		want, err := time.Parse(time.RFC3339Nano, s)
		if err != nil || want.UnixMicro() != got {
			t.Errorf("%q is %d, want %d, %v", s, got, want.UnixMicro(), err)
		}
	})
}

func TestAppendDuration(t *testing.T) {
	t.Parallel()
	for us, want := range map[int64]string{
		0: "00:00:00", 1: "00:00:00.000001", -1: "-00:00:00.000001", 3_661_000_000: "01:01:01",
		-3_020_399_000_000: "-838:59:59", 359_999_999_999: "99:59:59.999999",
	} {
		if got := string(appendDuration(nil, us)); got != want {
			t.Errorf("%d is %s, want %s", us, got, want)
		}
	}
}

// twos is the shortest big-endian two's complement.
func twos(n *big.Int) []byte {
	size := n.BitLen()/8 + 1
	mod := new(big.Int).Lsh(big.NewInt(1), uint(8*size))
	return new(big.Int).Mod(n, mod).FillBytes(make([]byte, size))
}

func TestAppendDecimal(t *testing.T) {
	t.Parallel()
	numbers := []*big.Int{
		big.NewInt(0), big.NewInt(1), big.NewInt(-1), big.NewInt(99), big.NewInt(-100), big.NewInt(127), big.NewInt(128), big.NewInt(-128), big.NewInt(-129),
		big.NewInt(math.MaxInt64), big.NewInt(math.MinInt64),
	}
	for _, digits := range []int{19, 20, 38, 65} {
		n, _ := new(big.Int).SetString(strings.Repeat("9", digits), 10)
		numbers = append(numbers, n, new(big.Int).Neg(n), new(big.Int).Lsh(big.NewInt(1), uint(digits)), new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), uint(8*digits-1))))
	}
	for _, n := range numbers {
		for _, scale := range []int{0, 1, 2, 9, 30} {
			want := new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)).FloatString(scale)
			for _, pad := range []int{0, 1} {
				b := twos(n)
				if pad > 0 { // a longer form of the same number
					b = slices.Insert(b, 0, byte(0)-b[0]>>7)
				}
				if got := string(appendDecimal(nil, b, scale)); got != want {
					t.Errorf("%x with scale %d is %s, want %s", b, scale, got, want)
				}
			}
		}
	}
	if got := string(appendDecimal(nil, nil, 2)); got != "0.00" {
		t.Errorf("no bytes are %s", got)
	}
}

func TestSized(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 127, 128, 16_383, 16_384, 3_000_000} {
		body := strings.Repeat("b", n)
		got := sized([]byte("head"+body), 4)
		want := string(appendText([]byte("head"), []byte(body)))
		if string(got) != want {
			t.Errorf("%d bytes: the length is not before them", n)
		}
	}
}

func TestSequence(t *testing.T) {
	t.Parallel()
	check := func(a, b [4]uint64) bool {
		x, y := string(appendSortable(nil, &a)), string(appendSortable(nil, &b))
		return len(x) == sequenceSize && (slices.Compare(a[:], b[:]) == strings.Compare(x, y))
	}
	if err := quick.Check(check, nil); err != nil {
		t.Error(err)
	}
	if !check([4]uint64{1, 2, 3, 4}, [4]uint64{1, 2, 3, 4}) || !check([4]uint64{1, 2, 3, 4}, [4]uint64{1, 2, 10, 0}) {
		t.Error("order of text differs")
	}
	if got := string(appendSequence(nil, &[4]uint64{0, 15, 16, math.MaxUint64})); got != "0/f/10/ffffffffffffffff" {
		t.Errorf("got %s", got)
	}
}
