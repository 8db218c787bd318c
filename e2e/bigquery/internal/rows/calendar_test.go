package rows

import (
	"testing"
	"time"
)

func TestCalendarText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		parse func(string) (any, error)
		in    string
		want  string // "" is refused
	}{
		"date":                     {parseDate, "2024-02-29", "2024-02-29"},
		"date, short fields":       {parseDate, "2024-2-9", "2024-02-09"},
		"date that is not":         {parseDate, "2023-02-29", ""},
		"date of zeros":            {parseDate, "0000-00-00", ""},
		"date in year 0":           {parseDate, "0000-01-01", ""},
		"date of five digits":      {parseDate, "10000-01-01", ""},
		"time":                     {parseTime, "23:59:59.999999", "23:59:59.999999"},
		"time, short fields":       {parseTime, "1:2:3", "01:02:03"},
		"time, part of a second":   {parseTime, "01:02:03.5", "01:02:03.500000"},
		"time, nanoseconds":        {parseTime, "01:02:03.1234567", ""},
		"time beyond a day":        {parseTime, "24:00:00", ""},
		"negative time":            {parseTime, "-01:00:00", ""},
		"MySQL's greatest time":    {parseTime, "838:59:59", ""},
		"leap second":              {parseTime, "23:59:60", ""},
		"datetime with space":      {parseDatetime, "2024-02-29 01:02:03", "2024-02-29T01:02:03"},
		"datetime with T":          {parseDatetime, "2024-02-29T01:02:03.000001", "2024-02-29T01:02:03.000001"},
		"datetime of a date":       {parseDatetime, "2024-02-29", "2024-02-29T00:00:00"},
		"datetime with a zone":     {parseDatetime, "2024-02-29T01:02:03Z", ""},
		"datetime of a bad date":   {parseDatetime, "2024-02-30T01:02:03", ""},
		"datetime of a bad time":   {parseDatetime, "2024-02-29T25:02:03", ""},
		"datetime with more after": {parseDatetime, "2024-02-29 01:02:03 x", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.parse(tt.in)
			if tt.want == "" {
				if err == nil {
					t.Errorf("%q gave %v, want an error", tt.in, got)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("%q gave %v, %v, want %s", tt.in, got, err, tt.want)
			}
		})
	}
}

// The bounds that cloud.google.com/bigquery/docs/supported-data-types gives for DATE, and TIMESTAMP's.
func TestCalendarBounds(t *testing.T) {
	t.Parallel()
	first := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
	for n, want := range map[int64]any{-719162: "0001-01-01", 2932896: "9999-12-31", -719163: nil, 2932897: nil} {
		if got, err := days(n); (want == nil) != (err != nil) || want != nil && got != want {
			t.Errorf("days(%d) = %v, %v, want %v", n, got, err, want)
		}
	}
	for us, want := range map[int64]any{first.UnixMicro(): first, last.UnixMicro(): last, first.UnixMicro() - 1: nil, last.UnixMicro() + 1: nil} {
		if got, err := micros(us); (want == nil) != (err != nil) || want != nil && got != want {
			t.Errorf("micros(%d) = %v, %v, want %v", us, got, err, want)
		}
	}
}
