package judge

import (
	"encoding/json"
	"strings"
	"time"
)

func timeRules() []Rule {
	return []Rule{
		{Name: "timestamp-zeros", Explains: explainsTimestampZeros},
		{Name: "julian", Explains: explainsJulian},
		{Name: "two-digit-year", Explains: explainsTwoDigitYear},
		{Name: "year-zero", Explains: explainsYearZero},
	}
}

// explainsTimestampZeros: a fraction without its trailing zeros there.
func explainsTimestampZeros(d Difference) bool {
	theirs, ok1 := d.Debezium.(string)
	ours, ok2 := d.Leat.(string)
	if !isValue(d) || d.Phase != Snapshot || !has(d, semanticZoned) || !ok1 || !ok2 {
		return false
	}
	second, fraction, _ := strings.Cut(strings.TrimSuffix(ours, "Z"), ".")
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		second += "." + fraction
	}
	return theirs == second+"Z"
}

// moment returns the time that a column's value means.
func moment(field, v any) (time.Time, bool) {
	n, ok := v.(int64)
	if !ok {
		return time.Time{}, false
	}
	switch semantic(field) {
	case semanticDate:
		return time.Unix(n*24*60*60, 0).UTC(), true
	case semanticMillis:
		return time.UnixMilli(n).UTC(), true
	case semanticMicros:
		return time.UnixMicro(n).UTC(), true
	}
	return time.Time{}, false
}

// moments returns both sides of a difference between times.
func moments(d Difference) (theirs, ours time.Time, ok bool) {
	theirs, ok1 := moment(d.DebeziumField, d.Debezium)
	ours, ok2 := moment(d.LeatField, d.Leat)
	return theirs, ours, isValue(d) && ok1 && ok2
}

// explainsJulian: days off there before the Gregorian calendar begins.
func explainsJulian(d Difference) bool {
	const most = 10 * 24 * time.Hour
	theirs, ours, ok := moments(d)
	gregorian := time.Date(1582, 10, 15, 0, 0, 0, 0, time.UTC)
	off := theirs.Sub(ours)
	return ok && d.Phase == Snapshot && ours.Before(gregorian) && off > 0 && off <= most && off%(24*time.Hour) == 0
}

// explainsTwoDigitYear: a year below 100 is taken for one of our time there.
func explainsTwoDigitYear(d Difference) bool {
	theirs, ours, ok := moments(d)
	if !ok || ours.Year() < 1 || ours.Year() > 99 {
		return false
	}
	year := ours.Year() + 2000
	if ours.Year() >= 70 {
		year -= 100
	}
	return theirs.Equal(ours.AddDate(year-ours.Year(), 0, 0))
}

// explainsYearZero: 1900, 2000 or 2001 there.
func explainsYearZero(d Difference) bool {
	if has(d, semanticYear) {
		if isField(d) {
			toZero := func(v any) any {
				if v == json.Number("2000") {
					return json.Number("0")
				}
				return v
			}
			return equal(mapField(d.Debezium, same, toZero), d.Leat)
		}
		return isValue(d) && d.Leat == int64(0) && (d.Debezium == int64(1900) || d.Debezium == int64(2000))
	}
	// A date of the year zero is no date, and as such null or the epoch.
	theirs, ok := moment(d.DebeziumField, d.Debezium)
	return ok && isValue(d) && d.Phase == Snapshot && theirs.Year() == 2001 && (d.Leat == nil || d.Leat == int64(0))
}
