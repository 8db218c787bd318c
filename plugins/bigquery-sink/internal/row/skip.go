package row

import "github.com/leat-io/leat/plugins/bigquery-sink/internal/avrotype"

// maxDepth bounds how deep values nest in each other; a schema may have cycles.
const maxDepth = 100

// skip reads over a value.
func (r *reader) skip(t *avrotype.Type, depth int) {
	if r.bad {
		return
	}
	if depth > maxDepth {
		r.fail()
		return
	}
	switch t.Kind {
	case avrotype.Null:
	case avrotype.Boolean:
		r.boolean()
	case avrotype.Int, avrotype.Long, avrotype.Enum:
		r.long()
	case avrotype.Float:
		r.take(4)
	case avrotype.Double:
		r.take(8)
	case avrotype.Bytes, avrotype.String:
		r.bytes()
	case avrotype.Fixed:
		r.take(int64(t.Size))
	default:
		r.skipComplex(t, depth)
	}
}

func (r *reader) skipComplex(t *avrotype.Type, depth int) {
	switch t.Kind {
	case avrotype.Record:
		for i := range t.Fields {
			r.skip(t.Fields[i].Type, depth+1)
		}
	case avrotype.Union:
		i := r.long()
		if i < 0 || i >= int64(len(t.Branches)) {
			r.fail()
			return
		}
		r.skip(t.Branches[i], depth+1)
	case avrotype.Array, avrotype.Map:
		for n := r.block(); n > 0 && !r.bad; n = r.block() {
			for ; n > 0 && !r.bad; n-- {
				if t.Kind == avrotype.Map {
					r.bytes()
				}
				r.skip(t.Items, depth+1)
			}
		}
	default:
		r.fail()
	}
}
