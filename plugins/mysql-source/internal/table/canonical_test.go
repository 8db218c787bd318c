package table_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

func TestCanonicalDefault(t *testing.T) {
	t.Parallel()
	const none = table.Unset
	var (
		number = func(s string) table.Default { return table.Default{Kind: table.DefaultNumber, Text: s} }
		str    = func(s string) table.Default { return table.Default{Kind: table.DefaultText, Text: s} }
		hex    = func(s string) table.Default { return table.Default{Kind: table.DefaultHex, Text: s} }
		bits   = func(s string) table.Default { return table.Default{Kind: table.DefaultBits, Text: s} }
		truth  = func(s string) table.Default { return table.Default{Kind: table.DefaultBool, Text: s} }
		enum   = table.Column{Type: "ENUM", Values: []string{"a", "B", "2"}}
		set    = table.Column{Type: "SET", Values: []string{"x", "Y", "z"}}
	)
	tests := map[string]struct {
		column table.Column
		given  table.Default
		want   table.Default
	}{
		"integer from text":            {column("INT", none, none), str(" 7 "), str("7")},
		"integer rounds up":            {column("INT", none, none), number("2.5"), str("3")},
		"integer rounds down":          {column("INT", none, none), number("-2.5"), str("-3")},
		"integer from exponent":        {column("INT", none, none), number("1e2"), str("100")},
		"integer from bytes":           {column("BIGINT", none, none), hex("ffffffffffffffff"), str("18446744073709551615")},
		"integer from bits":            {column("INT", none, none), bits("011"), str("3")},
		"integer from truth":           {column("TINYINT", 1, none), truth("TRUE"), str("1")},
		"integer loses zeros":          {column("INT", none, none), number("0005"), str("5")},
		"minus zero":                   {column("DECIMAL", 5, 1), number("-0.04"), str("0.0")},
		"decimal gains digits":         {column("DECIMAL", 5, 2), number("1.5"), str("1.50")},
		"decimal loses digits":         {column("DECIMAL", 5, 1), number("-2.55"), str("-2.6")},
		"float":                        {column("FLOAT", none, none), number("1.1"), str("1.1")},
		"float of 32 bits":             {column("FLOAT", none, none), number("16777217"), str("1.6777216e+07")},
		"float -0 of an exponent":      {column("FLOAT", none, none), number("-0e0"), str("-0")},
		"double -0 of a text":          {column("DOUBLE", none, none), str(" -0.0 "), str("-0")},
		"double -0 of a number":        {column("DOUBLE", none, none), number("-0.0"), str("0")},
		"float with scale has no -0":   {column("FLOAT", 7, 3), number("-0e0"), str("0")},
		"float with scale":             {column("FLOAT", 7, 3), number("1.23456"), str("1.235")},
		"double":                       {column("DOUBLE", none, none), number(".5"), str("0.5")},
		"bit from number":              {column("BIT", 8, none), number("5"), bits("101")},
		"bit loses zeros":              {column("BIT", 33, none), bits("000101"), bits("101")},
		"bit rounds":                   {column("BIT", 8, none), number("1.55"), bits("10")},
		"bit of zeros":                 {column("BIT", 8, none), bits("00"), bits("0")},
		"bit from text":                {column("BIT", 8, none), str("A"), bits("1000001")},
		"binary is padded":             {column("BINARY", 4, none), str("ab"), hex("61620000")},
		"varbinary is not":             {column("VARBINARY", 4, none), hex("00ff"), hex("00ff")},
		"binary from number":           {column("VARBINARY", 4, none), number("1.50"), hex("312e3530")},
		"char loses spaces":            {text("CHAR", 9, "latin1"), str("a  "), str("a")},
		"varchar keeps spaces":         {text("VARCHAR", 9, "latin1"), str("a  "), str("a  ")},
		"text from number":             {text("VARCHAR", 9, "latin1"), number("-.50"), str("-0.50")},
		"text from exponent":           {text("VARCHAR", 9, "latin1"), number("1e2"), str("100")},
		"text from bytes":              {text("VARCHAR", 9, "utf8mb4"), hex("f09f9880"), str("😀")},
		"text from bits":               {text("VARCHAR", 9, "latin1"), bits("1000001"), str("A")},
		"text from truth":              {text("VARCHAR", 9, "latin1"), truth("FALSE"), str("0")},
		"enum in other case":           {enum, str("b"), str("B")},
		"enum by number":               {enum, str("1"), str("a")},
		"enum label before number":     {enum, str("2"), str("2")},
		"set in order":                 {set, str("z,y,X,z"), str("x,Y,z")},
		"empty set":                    {set, str(""), str("")},
		"year of two digits":           {column("YEAR", none, none), number("69"), str("2069")},
		"year of last century":         {column("YEAR", none, none), str("70"), str("1970")},
		"year text 0":                  {column("YEAR", none, none), str("0"), str("2000")},
		"year number 0":                {column("YEAR", none, none), number("0"), str("0000")},
		"year of truth":                {column("YEAR", none, none), truth("TRUE"), str("2001")},
		"year":                         {column("YEAR", none, none), str("1999"), str("1999")},
		"date":                         {column("DATE", none, none), str("2020-1-2"), str("2020-01-02")},
		"date by digits":               {column("DATE", none, none), number("20200102"), str("2020-01-02")},
		"date of two digits":           {column("DATE", none, none), str("20/1/2"), str("2020-01-02")},
		"date rounds":                  {column("DATE", none, none), str("2021-12-31 23:59:59.5"), str("2022-01-01")},
		"zero date":                    {column("DATE", none, none), str("0000-00-00"), str("0000-00-00")},
		"partial date":                 {column("DATE", none, none), str("2020-00-00"), str("2020-00-00")},
		"zero by number":               {column("DATETIME", 3, none), number("0"), str("0000-00-00 00:00:00.000")},
		"datetime from date":           {column("DATETIME", 0, none), str("2020-01-02"), str("2020-01-02 00:00:00")},
		"datetime rounds":              {column("DATETIME", 3, none), str("2020-01-02T03:04:05.6789"), str("2020-01-02 03:04:05.679")},
		"datetime carries":             {column("TIMESTAMP", 0, none), str("2021-12-31 23:59:59.9999999"), str("2022-01-01 00:00:00")},
		"datetime by digits":           {column("DATETIME", 1, none), str("20200102030405.26"), str("2020-01-02 03:04:05.3")},
		"time":                         {column("TIME", 0, none), str("1:2"), str("01:02:00")},
		"time by digits":               {column("TIME", 0, none), number("101112"), str("10:11:12")},
		"time in seconds":              {column("TIME", 2, none), str("12.345"), str("00:00:12.35")},
		"negative time":                {column("TIME", 6, none), str("-838:59:59"), str("-838:59:59.000000")},
		"time with days":               {column("TIME", 0, none), str("1 2:3:4.5"), str("26:03:05")},
		"time of a date":               {column("TIME", 0, none), str("2020-01-02 03:04:05.6"), str("03:04:06")},
		"now":                          {column("DATETIME", 3, none), table.Default{Kind: table.DefaultNow, Text: "x"}, table.Default{Kind: table.DefaultNow}},
		"expression":                   {column("INT", none, none), table.Default{Kind: table.DefaultExpr, Text: "1 + 1"}, table.Default{Kind: table.DefaultExpr}},
		"introducer":                   {text("VARCHAR", 9, "gbk"), table.Default{Kind: table.DefaultHex, Text: "c3a9", Charset: "utf8mb4"}, str("é")},
		"type that is not known":       {column("INET6", none, none), str("::"), str("::")},
		"text in a wide character set": {text("VARCHAR", 9, "utf16"), str("a"), str("a")},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			c := tt.column.Clone()
			c.Default = &tt.given
			if err := c.CanonicalDefault(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, *c.Default); diff != "" {
				t.Error(diff)
			}
			if err := c.CanonicalDefault(); err != nil || *c.Default != tt.want {
				t.Errorf("done twice: got %+v, %v", *c.Default, err)
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		c := column("INT", none, none)
		if err := c.CanonicalDefault(); err != nil || c.Default != nil {
			t.Errorf("got %v, %v", c.Default, err)
		}
	})
}

func TestCanonicalDefaultErrors(t *testing.T) {
	t.Parallel()
	const none = table.Unset
	tests := map[string]struct {
		column table.Column
		given  table.Default
		want   string
	}{
		"no number":        {column("INT", none, none), table.Default{Kind: table.DefaultText, Text: "x"}, `default text "x" of column "c" (INT): not a number`},
		"number too large": {column("DOUBLE", none, none), table.Default{Kind: table.DefaultNumber, Text: "1e999999999"}, `default number "1e999999999" of column "c" (DOUBLE): not a number`},
		"hexadecimal text": {column("INT", none, none), table.Default{Kind: table.DefaultText, Text: "0x1"}, `default text "0x1" of column "c" (INT): not a number`},
		"infinite":         {column("FLOAT", none, none), table.Default{Kind: table.DefaultNumber, Text: "1e300"}, `default number "1e300" of column "c" (FLOAT): not a number`},
		"negative bits":    {column("BIT", 8, none), table.Default{Kind: table.DefaultNumber, Text: "-1"}, `default number "-1" of column "c" (BIT): not a number`},
		"no label":         {table.Column{Name: "c", Type: "ENUM", Values: []string{"a"}}, table.Default{Kind: table.DefaultText, Text: "2"}, `default text "2" of column "c" (ENUM): not a label of the column`},
		"no label in set":  {table.Column{Name: "c", Type: "SET", Values: []string{"a"}}, table.Default{Kind: table.DefaultText, Text: "a,q"}, `default text "a,q" of column "c" (SET): not a label of the column`},
		"no date":          {column("DATE", none, none), table.Default{Kind: table.DefaultText, Text: "2020-13-01"}, `default text "2020-13-01" of column "c" (DATE): not a date or time`},
		"no time":          {column("TIME", 0, none), table.Default{Kind: table.DefaultText, Text: "1:99"}, `default text "1:99" of column "c" (TIME): not a date or time`},
		"bytes":            {text("CHAR", 3, "sjis"), table.Default{Kind: table.DefaultHex, Text: "82"}, `default hex "82" of column "c" (CHAR): bytes that are no characters: "\x82" in sjis`},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			c := tt.column.Clone()
			c.Default = &tt.given
			if err := c.CanonicalDefault(); err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if *c.Default != tt.given {
				t.Errorf("the default became %+v", *c.Default)
			}
		})
	}
}

// FuzzCanonicalDefault wants no panic, bounded work, and a second run that
// changes nothing.
func FuzzCanonicalDefault(f *testing.F) {
	for _, s := range []string{"1", "-2.5e3", "2020-01-02 03:04:05.678", "11:12", "a,b", "ff", "101", "1e400", "12 34:56", "-"} {
		for typ := range byte(16) {
			f.Add(s, typ, typ%5, 3)
		}
	}
	types := strings.Fields("INT DECIMAL FLOAT DOUBLE BIT BINARY VARBINARY CHAR VARCHAR ENUM SET YEAR DATE TIME DATETIME TIMESTAMP")
	kinds := []table.DefaultKind{table.DefaultText, table.DefaultNumber, table.DefaultHex, table.DefaultBits, table.DefaultBool}
	f.Fuzz(func(t *testing.T, s string, typ, kind byte, size int) {
		c := column(types[int(typ)%len(types)], size&7, size>>3&7)
		c.Values = []string{"a", "b"}
		c.Default = &table.Default{Kind: kinds[int(kind)%len(kinds)], Text: s}
		if c.CanonicalDefault() != nil {
			return
		}
		first := *c.Default
		if err := c.CanonicalDefault(); err != nil || *c.Default != first {
			t.Errorf("%s of %q: first %+v, then %+v, %v", c.Type, s, first, *c.Default, err)
		}
	})
}
