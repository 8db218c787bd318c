package engine

import (
	"fmt"
	"strings"

	"github.com/leat-io/leat/core/flow"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// fits sees that a plugin is of the kind that its place in the pipeline needs: of
// another one, nothing would come or be stored, and nothing would say so.
func (k *keeper) fits(kind leatv1.Kind) error {
	want := leatv1.Kind_KIND_SINK
	switch k.stage {
	case flow.Source:
		want = leatv1.Kind_KIND_SOURCE
	case flow.Transform:
		want = leatv1.Kind_KIND_TRANSFORM
	}
	if kind == want {
		return nil
	}
	return flow.Permanent(fmt.Sprintf("%s is a %s, not a %s; name another plugin in the pipeline file", k.def.Plugin, kindName(kind), kindName(want)))
}

func kindName(k leatv1.Kind) string {
	return strings.ToLower(strings.TrimPrefix(k.String(), "KIND_"))
}
