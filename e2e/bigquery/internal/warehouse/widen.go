package warehouse

import "strconv"

// widened converts one value to a wider type.
func widened(v any, to string) any {
	switch x := v.(type) {
	case int64:
		if to == "FLOAT" {
			return float64(x)
		}
		return Decimal(strconv.FormatInt(x, 10))
	case Decimal:
		if to == "FLOAT" {
			f, _ := x.Rat().Float64()
			return f
		}
	}
	return v
}

// refit brings a row that was written by an older schema to the types of the newest.
func (t *Table) refit(r Row) {
	if len(t.versions) == 1 {
		return
	}
	for _, f := range t.Fields() {
		if v, ok := r[f.Name]; ok && f.Mode != "REPEATED" && (f.Type == "NUMERIC" || f.Type == "BIGNUMERIC" || f.Type == "FLOAT") {
			r[f.Name] = widened(v, f.Type)
		}
	}
}
