package table

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"strings"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/name"
)

// ownerLabel says which table of a source a table is filled from. Names that are
// made legal, templates, and datasets that ignore case may lead two of them to
// one table, in one process or in two that never meet.
const ownerLabel = "leat_source"

// owner is the label's value: a name for people and a hash that tells all apart.
func owner(from name.Source) string {
	const most = 63 - 17
	sum := sha256.Sum256([]byte(from.Topic + "\x00" + from.Database + "\x00" + from.Table))
	text := from.Topic
	if from.Table != "" {
		text = from.Database + "-" + from.Table
	}
	text = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, strings.ToLower(text))
	return text[:min(len(text), most)] + "-" + hex.EncodeToString(sum[:8])
}

// compareOwner refuses a table that is filled from another one.
func compareOwner(spec *Spec, meta *bigquery.TableMetadata) error {
	have, want := meta.Labels[ownerLabel], owner(spec.From)
	if have == "" || have == want {
		return nil
	}
	return fmt.Errorf("it is filled from another table than %v of topic %q: its label %s is %q, not %q: write to another table by a rule, or, if nothing else writes to it any more, take the label away with \"bq update --clear_label %s %s.%s\"",
		spec.From, spec.From.Topic, ownerLabel, have, want, ownerLabel, spec.Dataset, spec.Table)
}

// claim adds the label where the table has none.
func claim(spec *Spec, meta *bigquery.TableMetadata, update *bigquery.TableMetadataToUpdate) *bigquery.TableMetadataToUpdate {
	if meta.Labels[ownerLabel] != "" {
		return update
	}
	if update == nil {
		update = &bigquery.TableMetadataToUpdate{}
	}
	update.SetLabel(ownerLabel, owner(spec.From))
	return update
}

// labels are those of a new table.
func labels(spec *Spec, configured map[string]string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, configured)
	out[ownerLabel] = owner(spec.From)
	return out
}
