package rest

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

func tableRows(fields []*bq.TableFieldSchema, rows []warehouse.Row, micros bool) []*bq.TableRow {
	out := make([]*bq.TableRow, len(rows))
	for i, r := range rows {
		out[i] = &bq.TableRow{F: cells(fields, r, micros)}
	}
	return out
}

// cells encodes a row: every scalar is a string, NULL is null.
func cells(fields []*bq.TableFieldSchema, r warehouse.Row, micros bool) []*bq.TableCell {
	out := make([]*bq.TableCell, len(fields))
	for i, f := range fields {
		out[i] = &bq.TableCell{V: cell(f, r[f.Name], micros), NullFields: nullIf(r[f.Name] == nil && f.Mode != "REPEATED")}
	}
	return out
}

func cell(f *bq.TableFieldSchema, v any, micros bool) any {
	if f.Mode != "REPEATED" {
		return scalar(f, v, micros)
	}
	list, _ := v.([]any)
	out := make([]*bq.TableCell, len(list))
	for i, e := range list {
		out[i] = &bq.TableCell{V: scalar(f, e, micros)}
	}
	return out
}

func scalar(f *bq.TableFieldSchema, v any, micros bool) any {
	switch x := v.(type) {
	case nil:
		return nil
	case warehouse.Row:
		return &bq.TableRow{F: cells(f.Fields, x, micros)}
	case []byte:
		return base64.StdEncoding.EncodeToString(x)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case time.Time:
		if micros {
			return strconv.FormatInt(x.UnixMicro(), 10)
		}
		return strconv.FormatFloat(float64(x.UnixMicro())/1e6, 'E', -1, 64)
	}
	return fmt.Sprint(v)
}

func nullIf(null bool) []string {
	if null {
		return []string{"V"}
	}
	return nil
}
