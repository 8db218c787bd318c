package gtid

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ParseSet reads a set as the server prints it; white space is ignored.
func ParseSet(text string) (*Set, error) {
	s := &Set{}
	text = strings.ToLower(strings.Join(strings.Fields(text), ""))
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		if err := s.parseRun(part); err != nil {
			return nil, fmt.Errorf("gtid set %q: %w", text, err)
		}
	}
	return s, nil
}

// parseRun reads uuid[:tag]:spans[:tag:spans]….
func (s *Set) parseRun(text string) error {
	parts := strings.Split(text, ":")
	uuid, err := ParseUUID(parts[0])
	if err != nil {
		return err
	}
	src, want := Source{UUID: uuid}, true
	for _, p := range parts[1:] {
		if isTag(p) {
			if want && src.Tag != "" {
				return fmt.Errorf("tag %q has no interval: %w", src.Tag, errNotation)
			}
			src.Tag, want = p, true
			continue
		}
		sp, err := parseSpan(p)
		if err != nil {
			return err
		}
		s.runOf(src).add(sp)
		want = false
	}
	if want {
		return fmt.Errorf("%q has no interval: %w", text, errNotation)
	}
	return nil
}

func parseSpan(text string) (span, error) {
	first, last, ok := strings.Cut(text, "-")
	if !ok {
		last = first
	}
	a, errA := strconv.ParseUint(first, 10, 63)
	b, errB := strconv.ParseUint(last, 10, 63)
	if errA != nil || errB != nil || a < 1 || b < a || b == math.MaxInt64 {
		return span{}, fmt.Errorf("interval %q: %w", text, errNotation)
	}
	return span{int64(a), int64(b)}, nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *Set) UnmarshalText(text []byte) error {
	got, err := ParseSet(string(text))
	if err != nil {
		return err
	}
	*s = *got
	return nil
}

// MarshalText gives the server's notation, as in a checkpoint.
func (s *Set) MarshalText() ([]byte, error) { return s.AppendText(nil), nil }

// String returns the set in the server's notation, each tag with its uuid.
func (s *Set) String() string { return string(s.AppendText(nil)) }

// AppendText adds the set in the server's notation to b.
func (s *Set) AppendText(b []byte) []byte {
	for i := range s.runs {
		if i > 0 {
			b = append(b, ',')
		}
		b = s.runs[i].appendText(b)
	}
	return b
}

func (r *run) appendText(b []byte) []byte {
	if len(r.head) == 0 {
		r.head = r.makeHead(r.head)
	}
	b = append(b, r.head...)
	last := r.spans[len(r.spans)-1]
	if last.first == last.last {
		return b
	}
	return strconv.AppendInt(b, last.last, 10)
}

// makeHead renders all but the end of a last span that may grow in place.
func (r *run) makeHead(b []byte) []byte {
	b = append(b, r.name...)
	for i, sp := range r.spans {
		b = strconv.AppendInt(append(b, ':'), sp.first, 10)
		if sp.first == sp.last {
			continue
		}
		b = append(b, '-')
		if i < len(r.spans)-1 {
			b = strconv.AppendInt(b, sp.last, 10)
		}
	}
	return b
}

// AppendBinary adds the form that COM_BINLOG_DUMP_GTID takes to b: the tagged
// one only where there is a tag, for older servers do not know it.
func (s *Set) AppendBinary(b []byte) []byte {
	tagged := false
	for i := range s.runs {
		tagged = tagged || s.runs[i].source.Tag != ""
	}
	if tagged {
		b = binary.LittleEndian.AppendUint64(b, 1<<56|uint64(len(s.runs))<<8|1)
	} else {
		b = binary.LittleEndian.AppendUint64(b, uint64(len(s.runs)))
	}
	for i := range s.runs {
		r := &s.runs[i]
		b = append(b, r.source.UUID[:]...)
		if tagged {
			b = append(b, byte(len(r.source.Tag)<<1))
			b = append(b, r.source.Tag...)
		}
		b = binary.LittleEndian.AppendUint64(b, uint64(len(r.spans)))
		for _, sp := range r.spans {
			b = binary.LittleEndian.AppendUint64(b, uint64(sp.first))
			b = binary.LittleEndian.AppendUint64(b, uint64(sp.last+1))
		}
	}
	return b
}
