package row

import (
	"cloud.google.com/go/bigquery"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/avrotype"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
)

// Plan converts the messages of one pair of schemas.
type Plan struct {
	descriptor *descriptorpb.DescriptorProto
	envelope   *avrotype.Type
	keyType    *avrotype.Type
	steps      []step
	row, key   []field
	keyTypes   []bigquery.FieldType // of the columns in key
	upsert     bool
	// logTruncate has a log take a row for the truncation of its table.
	logTruncate bool

	// Tags of the columns that a change, or a log of changes, adds.
	kindTag, sequenceTag     uint64
	opTag, timeTag, orderTag uint64
}

// Settings say what to compile.
type Settings struct {
	Envelope *schema.Envelope
	// Columns and KeyColumns with the types of the table.
	Columns, KeyColumns []schema.Column
	// Upsert makes changes of a table with a key; else a log of changes is made.
	Upsert bool
	// LogTruncate has a log take a row for the truncation of its table.
	LogTruncate bool
}

// Compile makes a plan.
func Compile(s Settings) (*Plan, error) {
	extra := LogColumns()
	if s.Upsert {
		extra = bigquery.Schema{
			{Name: changeType, Type: bigquery.StringFieldType}, {Name: changeSequence, Type: bigquery.StringFieldType},
		}
	}
	msg, descriptor, err := message(s.Columns, extra)
	if err != nil {
		return nil, err
	}
	p := &Plan{descriptor: descriptor, envelope: s.Envelope.Value, keyType: s.Envelope.Key, upsert: s.Upsert, logTruncate: s.LogTruncate && !s.Upsert}
	for i := range s.KeyColumns {
		p.keyTypes = append(p.keyTypes, s.KeyColumns[i].Type)
	}
	if p.row, err = compile(s.Columns, msg); err != nil {
		return nil, err
	}
	if p.key, err = compile(s.KeyColumns, msg); err != nil {
		return nil, err
	}
	p.steps = stepsOf(s.Envelope.Value)
	p.tags(msg)
	return p, nil
}

func (p *Plan) tags(msg protoreflect.MessageDescriptor) {
	tag := func(name string, t protowire.Type) uint64 {
		if fd := msg.Fields().ByName(protoreflect.Name(name)); fd != nil {
			return tagOf(fd.Number(), t)
		}
		return 0
	}
	p.kindTag, p.sequenceTag = tag(changeType, protowire.BytesType), tag(changeSequence, protowire.BytesType)
	p.opTag, p.orderTag = tag(LogOp, protowire.BytesType), tag(LogOrder, protowire.BytesType)
	p.timeTag = tag(LogTime, protowire.VarintType)
}

// Descriptor describes the rows to BigQuery.
func (p *Plan) Descriptor() *descriptorpb.DescriptorProto { return p.descriptor }

// step is what is done with a field of the envelope.
type step struct {
	part  part
	avro  *avrotype.Type
	value int64  // index of the union that stands for a value
	inner []step // of the source
}

type part byte

const (
	partOther part = iota
	partBefore
	partAfter
	partOp
	partSource
	partMillis
	partMicros
)

var parts = map[string]part{"before": partBefore, "after": partAfter, "op": partOp, "source": partSource}

func stepsOf(envelope *avrotype.Type) []step {
	steps := make([]step, len(envelope.Fields))
	for i, f := range envelope.Fields {
		s := step{part: parts[f.Name], avro: f.Type, value: avrotype.NotIndex}
		if s.part == partBefore || s.part == partAfter {
			_, s.value, _ = f.Type.Optional()
		}
		if s.part == partSource {
			s.inner = sourceSteps(f.Type)
		}
		steps[i] = s
	}
	return steps
}

func sourceSteps(source *avrotype.Type) []step {
	steps := make([]step, len(source.Fields))
	for i, f := range source.Fields {
		steps[i] = step{avro: f.Type}
		value, index, ok := f.Type.Optional()
		if !ok || value.Kind != avrotype.Long {
			continue
		}
		switch steps[i].value = index; f.Name {
		case "ts_ms":
			steps[i].part = partMillis
		case "ts_us":
			steps[i].part = partMicros
		}
	}
	return steps
}
