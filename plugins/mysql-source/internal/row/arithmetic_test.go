package row

import (
	"bytes"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"
)

// javaBytes is what BigInteger.toByteArray gives.
func javaBytes(n *big.Int) []byte {
	size := n.BitLen()/8 + 1
	if n.Sign() >= 0 {
		return n.FillBytes(make([]byte, size))
	}
	size = new(big.Int).Not(n).BitLen()/8 + 1
	return new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size))).FillBytes(make([]byte, size))
}

// TestParseDecimal compares numbers of every length with math/big, and with
// their text again.
func TestParseDecimal(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 20000 {
		digits := 1 + i%65
		text := make([]byte, digits)
		for j := range text {
			text[j] = "0123456789"[random.IntN(10)]
			if i%7 == 0 {
				text[j] = '9'
			}
		}
		want, _ := new(big.Int).SetString(string(text), 10)
		signed := string(text)
		if i%2 == 0 {
			want.Neg(want)
			signed = "-" + signed
		}
		n, negative, ok := parseDecimal([]byte(signed), 0)
		if got := n.appendBytes(nil, negative); !ok || !bytes.Equal(got, appendBytes(nil, javaBytes(want))) {
			t.Fatalf("%s: got %x, want %x", signed, got, javaBytes(want))
		}
		if got := string(n.appendText(nil, negative && want.Sign() != 0, 0)); got != want.String() {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

func TestAppendText_scale(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"0.00", "-0.01", "1.50", "12345678901234567890123.45"} {
		n, negative, _ := parseDecimal([]byte(want), 2)
		if got := string(n.appendText(nil, negative, 2)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestDate compares every day of MySQL's calendar with package time.
func TestDate(t *testing.T) {
	t.Parallel()
	day := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := day.Unix() / secondsPerDay; day.Year() < 10000; n++ {
		d := date{int64(day.Year()), int64(day.Month()), int64(day.Day())}
		if !d.valid() || d.zero() || d.days() != n {
			t.Fatalf("%v: got day %d, want %d", d, d.days(), n)
		}
		if n >= 0 && dateOf(n) != d {
			t.Fatalf("day %d: got %v, want %v", n, dateOf(n), d)
		}
		next := day.AddDate(0, 0, 1)
		if after := (date{d.year, d.month, d.day + 1}); next.Month() != day.Month() && after.valid() {
			t.Fatalf("%v is taken for a date", after)
		}
		day = next
	}
}

func TestAppendISO(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 10000 {
		seconds, micros, digits := int64(random.Uint32()), random.Int64N(microsPerSecond), i%7
		layout := "2006-01-02T15:04:05Z"
		if digits > 0 {
			layout = fmt.Sprintf("2006-01-02T15:04:05.%0*dZ", digits, 0)
		}
		want := time.Unix(seconds, micros*1000).UTC().Format(layout)
		if got := string(appendISO(nil, seconds, micros, digits)); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
}

// TestEnd moves strings of all lengths behind their own length.
func TestEnd(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 63, 64, 65, 127, 128, 8191, 8192, 8193, 1 << 20} {
		body := bytes.Repeat([]byte("ab"), n)[:n]
		dst := begin([]byte("before"))
		start := len(dst)
		if got, want := end(append(dst, body...), start), appendBytes([]byte("before"), body); !bytes.Equal(got, want) {
			t.Errorf("%d bytes: got %.40x, want %.40x", n, got, want)
		}
	}
}
