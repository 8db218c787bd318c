package rows

import (
	"math/big"
	"regexp"
	"slices"
	"strings"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// limits is the range of a decimal type or column: |value| ≤ most, at most scale digits after the point.
type limits struct {
	name  string
	scale int      // digits of the column
	step  int      // digits of the type, by which bytes are scaled
	most  *big.Int // in units of the type's last digit
}

// decimalLimit gives NUMERIC 38 digits of which 9, and BIGNUMERIC 256 bits of which 38 digits, after the point; a
// column's own precision and scale narrow that.
func decimalLimit(f *bq.TableFieldSchema) limits {
	l := limits{name: f.Type, scale: 9, step: 9}
	l.most = new(big.Int).Sub(pow10(38), big.NewInt(1))
	if f.Type == "BIGNUMERIC" {
		l.scale, l.step = 38, 38
		l.most = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(1))
	}
	if f.Precision > 0 {
		l.scale = int(f.Scale)
		digits := new(big.Int).Sub(pow10(int(f.Precision)), big.NewInt(1))
		l.most = digits.Mul(digits, pow10(l.step-l.scale))
	}
	return l
}

// decimalForm bounds the exponent, so that no short text stands for a number of a million digits.
var decimalForm = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?$`)

func (l limits) parse(s string) (any, error) {
	r, ok := new(big.Rat).SetString(s)
	if !ok || !decimalForm.MatchString(s) || len(s) > 128 {
		return nil, refusef("Invalid %s value: %s", l.name, quoted(s))
	}
	r.Mul(r, new(big.Rat).SetInt(pow10(l.step)))
	if !r.IsInt() {
		return nil, refusef("Invalid %s value: %s has more than %d digits after the point", l.name, quoted(s), l.scale)
	}
	return l.value(r.Num(), s)
}

// fromBytes reads the little-endian two's complement of the value scaled by the type's last digit.
func (l limits) fromBytes(b []byte) (any, error) {
	if len(b) == 0 || len(b) > 32 {
		return nil, refusef("Invalid %s value of %d bytes", l.name, len(b))
	}
	be := slices.Clone(b)
	slices.Reverse(be)
	n := new(big.Int).SetBytes(be)
	if be[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(be))))
	}
	return l.value(n, n.String())
}

func (l limits) value(n *big.Int, shown string) (any, error) {
	if n.CmpAbs(l.most) > 0 {
		return nil, refusef("Invalid %s value: %s is out of range", l.name, quoted(shown))
	}
	if new(big.Int).Rem(n, pow10(l.step-l.scale)).Sign() != 0 {
		return nil, refusef("Invalid %s value: %s has more than %d digits after the point", l.name, quoted(shown), l.scale)
	}
	text := new(big.Rat).SetFrac(n, pow10(l.step)).FloatString(l.step)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return warehouse.Decimal(text), nil
}

func pow10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}
