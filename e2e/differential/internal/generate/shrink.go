package generate

import (
	"slices"

	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

// Shrink returns the smallest case found that still fails, by leaving out statements: halves,
// quarters, and so on down to single ones. It asks fails at most limit times.
func Shrink(c *sqlcase.Case, limit int, fails func(*sqlcase.Case) bool) *sqlcase.Case {
	before := len(c.Before)
	all := slices.Concat(c.Before, c.Stream)
	kept := make([]int, len(all))
	for i := range all {
		kept[i] = i
	}
	build := func(kept []int) *sqlcase.Case {
		out := *c
		out.Before, out.Stream = []string{}, []string{}
		for _, i := range kept {
			if i < before {
				out.Before = append(out.Before, all[i])
			} else {
				out.Stream = append(out.Stream, all[i])
			}
		}
		return &out
	}
	for size := len(kept) / 2; size > 0; size /= 2 {
		for at := 0; at < len(kept) && limit > 0; {
			candidate := slices.Delete(slices.Clone(kept), at, min(at+size, len(kept)))
			limit--
			if len(candidate) > 0 && fails(build(candidate)) {
				kept = candidate
			} else {
				at += size
			}
		}
	}
	return build(kept)
}
