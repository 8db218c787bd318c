package sdk

import leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"

// RecordKind is a kind of record.
type RecordKind int32

// The kinds of record, as Records.Change and Records.Message return them.
const (
	Changes  = RecordKind(leatv1.RecordKind_RECORD_KIND_CHANGE)
	Messages = RecordKind(leatv1.RecordKind_RECORD_KIND_MESSAGE)
)

func kindsToProto(kinds []RecordKind) []leatv1.RecordKind {
	var out []leatv1.RecordKind
	for _, k := range kinds {
		out = append(out, leatv1.RecordKind(k))
	}
	return out
}
