package row

import (
	"encoding/binary"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/avrotype"
)

// encoder reads Avro and writes a protocol buffer message.
type encoder struct {
	reader
	out     []byte
	scratch [64]byte
	// refused is the first value that BigQuery does not take; the walk goes on,
	// so that what follows is still found.
	refused *Fault
}

func (e *encoder) refuse(f *field, reason string) {
	if e.refused == nil {
		e.refused = &Fault{Column: f.column, Type: f.avro.String(), Reason: reason}
	}
}

// record converts the fields of a record.
func (e *encoder) record(fields []field) {
	for i := range fields {
		f := &fields[i]
		if f.value != avrotype.NotIndex {
			switch e.long() {
			case f.value:
			case 1 - f.value:
				continue
			default:
				e.fail()
			}
		}
		if f.repeated {
			e.list(f)
			continue
		}
		e.write(f)
	}
}

// list writes an array as a repeated field. BigQuery has no array that is NULL:
// it is empty.
func (e *encoder) list(f *field) {
	for n := e.block(); n > 0 && !e.bad; n = e.block() {
		for ; n > 0 && !e.bad; n-- {
			e.write(f)
		}
	}
}

// write converts one value, tag included.
func (e *encoder) write(f *field) {
	if e.bad {
		return
	}
	e.out = binary.AppendUvarint(e.out, f.tag)
	switch f.code {
	case codeBool:
		e.varint(e.boolean())
	case codeInt:
		e.varint(uint64(e.long()))
	case codeFloat:
		e.fixed(math.Float64bits(e.float()))
	case codeDouble:
		e.fixed(e.double())
	case codeText:
		text := e.bytes()
		if !utf8.Valid(text) {
			e.refuse(f, reasonUTF8)
		}
		e.out = appendText(e.out, text)
	case codeBytes:
		e.out = appendText(e.out, e.bytes())
	case codeFixed:
		e.out = appendText(e.out, e.take(int64(f.avro.Size)))
	case codeStruct:
		start := len(e.out)
		e.record(f.fields)
		e.out = sized(e.out, start)
	default:
		e.convert(f)
	}
}

// convert writes what is not in BigQuery as it is in Avro.
func (e *encoder) convert(f *field) {
	switch f.code {
	case codeIntText:
		e.out = appendText(e.out, strconv.AppendInt(e.scratch[:0], e.long(), 10))
	case codeUnsignedText:
		e.out = appendText(e.out, strconv.AppendUint(e.scratch[:0], uint64(e.long()), 10))
	case codeUnsigned:
		n := e.long()
		if n < 0 {
			e.refuse(f, reasonUnsigned)
		}
		e.varint(uint64(n))
	case codeDecimal:
		e.out = appendText(e.out, appendDecimal(e.scratch[:0], e.bytes(), f.avro.Scale))
	case codeSymbol:
		e.symbol(f)
	case codeDurationMillis, codeDurationMicros:
		e.duration(f)
	default:
		e.moment(f)
	}
}

func (e *encoder) symbol(f *field) {
	i := e.long()
	if i < 0 || i >= int64(len(f.avro.Symbols)) {
		e.refuse(f, reasonSymbol)
		return
	}
	symbol := f.avro.Symbols[i]
	e.out = binary.AppendUvarint(e.out, uint64(len(symbol)))
	e.out = append(e.out, symbol...)
}

// moment writes the types of a calendar, whose range is checked.
func (e *encoder) moment(f *field) {
	switch f.code {
	case codeDate:
		days := e.long()
		if days < firstDay || days > lastDay {
			e.refuse(f, reasonDate)
		}
		e.varint(uint64(days))
	case codeInstantText:
		us, ok := parseMoment(e.bytes())
		if !ok {
			e.refuse(f, reasonMoment)
		}
		e.varint(uint64(us))
	case codeInstantMillis, codeInstantMicros:
		e.varint(uint64(e.micros(f, f.code == codeInstantMillis)))
	default:
		us := e.micros(f, f.code == codeLocalMillis)
		e.out = appendText(e.out, appendLocal(e.scratch[:0], us))
	}
}

// micros reads a moment as microseconds, zero if it is out of range.
func (e *encoder) micros(f *field, millis bool) int64 {
	n := e.long()
	if millis && validMillis(n) {
		return n * 1000
	}
	if !millis && validMicros(n) {
		return n
	}
	e.refuse(f, reasonMoment)
	return 0
}

// duration writes a TIME.
func (e *encoder) duration(f *field) {
	const most = 1000 * 60 * 60 * 1_000_000 // MySQL ends at 839 hours
	us, most64 := e.long(), int64(most)
	if f.code == codeDurationMillis {
		most64 /= 1000
	}
	if us < -most64 || us > most64 {
		e.refuse(f, reasonDuration)
		us = 0
	}
	if f.code == codeDurationMillis {
		us *= 1000
	}
	e.out = appendText(e.out, appendDuration(e.scratch[:0], us))
}

func (e *encoder) varint(n uint64) { e.out = binary.AppendUvarint(e.out, n) }

func (e *encoder) fixed(n uint64) { e.out = binary.LittleEndian.AppendUint64(e.out, n) }
