package query

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// Run evaluates the statement on a table's rows and returns the columns and rows of the result.
func (s *Select) Run(fields []*bq.TableFieldSchema, rows []warehouse.Row) ([]*bq.TableFieldSchema, []warehouse.Row, error) {
	keep, err := s.filter(fields)
	if err != nil {
		return nil, nil, err
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r warehouse.Row) bool { return !keep(r) })
	if s.Count {
		f := &bq.TableFieldSchema{Name: s.CountAs, Type: "INTEGER", Mode: "NULLABLE"}
		return []*bq.TableFieldSchema{f}, []warehouse.Row{{s.CountAs: int64(len(rows))}}, nil
	}
	if err := s.sort(fields, rows); err != nil {
		return nil, nil, err
	}
	if s.Limit >= 0 && s.Limit < len(rows) {
		rows = rows[:s.Limit]
	}
	if s.Columns == nil {
		return fields, rows, nil
	}
	var out []*bq.TableFieldSchema
	for _, name := range s.Columns {
		f, err := find(fields, name)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, f)
	}
	return out, rows, nil
}

func (s *Select) filter(fields []*bq.TableFieldSchema) (func(warehouse.Row) bool, error) {
	var all []func(warehouse.Row) bool
	for _, c := range s.Where {
		f, err := find(fields, c.Column)
		if err != nil {
			return nil, err
		}
		if c.Null {
			all = append(all, func(r warehouse.Row) bool { return (r[f.Name] == nil) == (c.Op == "=") })
			continue
		}
		v, err := literal(f, c.Literal)
		if err != nil {
			return nil, err
		}
		all = append(all, func(r warehouse.Row) bool {
			return r[f.Name] != nil && holds(c.Op, warehouse.CompareValues(r[f.Name], v))
		})
	}
	return func(r warehouse.Row) bool {
		return !slices.ContainsFunc(all, func(f func(warehouse.Row) bool) bool { return !f(r) })
	}, nil
}

func (s *Select) sort(fields []*bq.TableFieldSchema, rows []warehouse.Row) error {
	for _, o := range slices.Backward(s.Order) {
		f, err := find(fields, o.Column)
		if err != nil {
			return err
		}
		slices.SortStableFunc(rows, func(a, b warehouse.Row) int {
			if o.Desc {
				a, b = b, a
			}
			return warehouse.CompareValues(a[f.Name], b[f.Name])
		})
	}
	return nil
}

func find(fields []*bq.TableFieldSchema, name string) (*bq.TableFieldSchema, error) {
	f := warehouse.FindField(fields, name)
	if f == nil {
		return nil, fmt.Errorf("unrecognized name: %s", name)
	}
	return f, nil
}

func holds(op string, c int) bool {
	switch op {
	case "=":
		return c == 0
	case "!=":
		return c != 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	default:
		return c >= 0
	}
}

// literal gives a literal the type of the column that it is compared with.
func literal(f *bq.TableFieldSchema, s string) (v any, err error) {
	switch f.Type {
	case "INTEGER":
		v, err = strconv.ParseInt(s, 10, 64)
	case "FLOAT":
		v, err = strconv.ParseFloat(s, 64)
	case "BOOLEAN":
		v, err = strconv.ParseBool(strings.ToLower(s))
	case "NUMERIC", "BIGNUMERIC":
		_, err = strconv.ParseFloat(s, 64)
		v = warehouse.Decimal(s)
	case "TIMESTAMP":
		v, err = parseTimestamp(s)
	case "BYTES":
		v = []byte(s)
	case "RECORD":
		err = errors.New("a RECORD cannot be compared")
	default:
		v = s
	}
	if err != nil {
		return nil, fmt.Errorf("compare column %s of type %s with %q: %w", f.Name, f.Type, s, err)
	}
	return v, nil
}

func parseTimestamp(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999Z07:00", "2006-01-02 15:04:05.999999 UTC", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errors.New("parse timestamp, expected the form 2006-01-02T15:04:05Z")
}
