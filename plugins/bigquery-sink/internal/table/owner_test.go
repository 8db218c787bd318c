package table

import (
	"regexp"
	"strings"
	"testing"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/name"
)

func TestOwner(t *testing.T) {
	t.Parallel()
	legal := regexp.MustCompile(`^[a-z0-9_-]{1,63}$`)
	seen := map[string]name.Source{}
	for _, from := range []name.Source{
		{Topic: "p.a.b.c", Database: "a.b", Table: "c"},
		{Topic: "p.a.b.c", Database: "a", Table: "b.c"},
		{Topic: "q.a.b.c", Database: "a", Table: "b.c"},
		{Topic: "p.d.T", Database: "d", Table: "T"},
		{Topic: "p.d.t", Database: "d", Table: "t"},
		{Topic: "p.d.t"},
		{Topic: strings.Repeat("x", 249), Database: strings.Repeat("ü", 64), Table: strings.Repeat("y", 64)},
	} {
		label := owner(from)
		if !legal.MatchString(label) {
			t.Errorf("label of %v is %q", from, label)
		}
		if other, ok := seen[label]; ok {
			t.Errorf("%v and %v have the same label %q", other, from, label)
		}
		seen[label] = from
	}
	if got := owner(name.Source{Topic: "p.shop.Orders", Database: "shop", Table: "Orders"}); !strings.HasPrefix(got, "shop-orders-") {
		t.Errorf("label %q tells people nothing", got)
	}
}

func TestClaim(t *testing.T) {
	t.Parallel()
	spec := &Spec{Dataset: "d", Table: "t", From: name.Source{Topic: "p.a.b", Database: "a", Table: "b"}}
	meta := func(label string) *bigquery.TableMetadata {
		return &bigquery.TableMetadata{Labels: map[string]string{ownerLabel: label}}
	}
	if claim(spec, &bigquery.TableMetadata{}, nil) == nil {
		t.Error("a table without the label is not claimed")
	}
	if own := meta(owner(spec.From)); claim(spec, own, nil) != nil || compareOwner(spec, own) != nil {
		t.Error("a table of its own is not taken as it is")
	}
	err := compareOwner(spec, meta("a-c-0"))
	for _, want := range []string{"table `a`.`b` of topic \"p.a.b\"", `is "a-c-0"`, "bq update --clear_label leat_source d.t"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}
