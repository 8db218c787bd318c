package sdk

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	fullOrigin = Origin{
		Time: -5, Transaction: "uuid:7", Log: "binlog.000001", Epoch: 3, LogNumber: 1,
		Server: math.MaxUint32, Thread: math.MaxUint64, Query: "insert …",
	}
	fullChange = Change{
		Op: Update, Snapshot: SnapshotLast, Schema: math.MaxUint64, Offset: 1 << 40, Row: 9,
		Key: []byte("k"), OldKey: []byte("o"), Before: []byte("b"), After: []byte("a"),
	}
	fullTarget = Target{
		Topic: "t", KeySchema: 1, ValueSchema: 2, Headers: []Header{{Key: "h", Value: []byte("v")}, {Key: "", Value: []byte{}}},
	}
	fullMessage = Message{
		Target: 0, Key: []byte("k"), Value: []byte("v"), Time: -1,
		Order: [4]uint64{0, 1, math.MaxUint64, 3}, Headers: []Header{{Key: "x", Value: []byte("y")}},
	}
)

func TestRecordsOfChanges(t *testing.T) {
	t.Parallel()
	tests := map[string]Change{
		"OK":                           fullChange,
		"nothing set":                  {Op: Create},
		"empty parts are not missing":  {Op: Create, Key: []byte{}, Before: []byte{}, After: []byte{}, OldKey: []byte{}},
		"missing parts are not empty":  {Op: Delete, Before: []byte("b")},
		"a truncation has no rows":     {Op: Truncate, Schema: 7},
		"of interest to state only":    {Op: Truncate, Schema: 7, StateOnly: true},
		"a snapshot's row has no past": {Op: Read, Snapshot: SnapshotTrue, Schema: 7, After: []byte("a")},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p packer
			p.origin(&fullOrigin)
			p.change(&want)
			it := NewRecords(p.buf)
			if !it.Next() || it.Change() == nil || it.Message() != nil {
				t.Fatalf("no change: %v", it.Err())
			}
			want.Origin = &fullOrigin
			if diff := cmp.Diff(&want, it.Change()); diff != "" {
				t.Error(diff)
			}
			if it.Next() || it.Err() != nil || it.Change() != nil {
				t.Errorf("more behind the last record: %v", it.Err())
			}
		})
	}
}

func TestRecordsOfMessages(t *testing.T) {
	t.Parallel()
	tests := map[string]Message{
		"OK":                         fullMessage,
		"nothing set":                {},
		"a tombstone":                {Key: []byte("k")},
		"an empty value is no grave": {Key: []byte{}, Value: []byte{}},
		"of interest to state only":  {Value: []byte("v"), StateOnly: true},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p packer
			p.target(&fullTarget)
			p.message(&want)
			it := NewRecords(p.buf)
			if !it.Next() || it.Message() == nil || it.Change() != nil {
				t.Fatalf("no message: %v", it.Err())
			}
			if diff := cmp.Diff(&want, it.Message()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(&fullTarget, it.Target()); diff != "" {
				t.Error(diff)
			}
			if it.Next() || it.Err() != nil {
				t.Errorf("more behind the last record: %v", it.Err())
			}
		})
	}
}

// TestLayout pins the bytes, which plugins in other languages rely on.
func TestLayout(t *testing.T) {
	t.Parallel()
	var p packer
	p.origin(&Origin{Time: 1, Transaction: "t", Log: "l", Epoch: 2, LogNumber: 3, Server: 4, Thread: 300, Query: "q"})
	p.change(&Change{Op: Create, Schema: 0x0807060504030201, Offset: 5, Row: 6, Key: []byte("K"), After: []byte("AB")})
	p.target(&Target{Topic: "T", KeySchema: 1, Headers: []Header{{Key: "h", Value: []byte("v")}}})
	p.message(&Message{Target: 0, Value: []byte("V"), Time: -1, Order: [4]uint64{1, 2, 3, 4}})
	p.change(&Change{Op: Truncate, StateOnly: true})
	p.message(&Message{StateOnly: true})
	want := "\x01\x0c\x00\x00\x00" + "\x02\x01t\x01l\x02\x03\x04\xac\x02\x01q" +
		"\x02\x12\x00\x00\x00" + "c\x00\x09" + "\x01\x02\x03\x04\x05\x06\x07\x08" + "\x05\x06\x01K\x02AB" +
		"\x03\x17\x00\x00\x00" + "\x01T" + "\x01\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "\x01\x01h\x01v" +
		"\x04\x0a\x00\x00\x00" + "\x00\x02\x01" + "\x01\x02\x03\x04" + "\x01V\x00" +
		"\x02\x0d\x00\x00\x00" + "t\x00\x10" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00" +
		"\x04\x08\x00\x00\x00" + "\x00\x04\x00" + "\x00\x00\x00\x00" + "\x00"
	if diff := cmp.Diff([]byte(want), p.buf); diff != "" {
		t.Error(diff)
	}
}

func TestRecordsErrors(t *testing.T) {
	t.Parallel()
	entry := func(kind byte, body string) []byte {
		var p packer
		start := p.begin(kind)
		p.buf = append(p.buf, body...)
		p.end(start)
		return p.buf
	}
	var origin, change, target packer
	origin.origin(&fullOrigin)
	change.change(&fullChange)
	target.target(&fullTarget)
	target.message(&Message{Target: 1})
	tests := map[string][]byte{
		"cut in the header":         {entryChange, 1},
		"cut in the body":           origin.buf[:len(origin.buf)-1],
		"unknown kind":              entry(9, "x"),
		"bytes behind the body":     entry(entryOrigin, string(origin.buf[entryHeader:])+"x"),
		"body too short":            entry(entryChange, "c"),
		"an unknown operation":      append(origin.buf[:len(origin.buf):len(origin.buf)], entry(entryChange, "x\x00\x0000000000\x00\x00")...),
		"an unknown snapshot mark":  append(origin.buf[:len(origin.buf):len(origin.buf)], entry(entryChange, "c\x07\x0000000000\x00\x00")...),
		"headers without end":       entry(entryTarget, "\x01t0000000000000000\x81\x80\x04"+strings.Repeat("\x00", 2*maxHeaders+2)),
		"varint without an end":     entry(entryOrigin, "\xff\xff"),
		"length beyond the body":    entry(entryTarget, "\xff\x01t"),
		"more headers than bytes":   entry(entryTarget, "\x01t0000000000000000\xff\xff\x03"),
		"server beyond 32 bits":     entry(entryOrigin, "\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\x01\x00\x00"),
		"unknown flag of a change":  append(origin.buf[:len(origin.buf):len(origin.buf)], entry(entryChange, "c\x00\x2000000000\x00\x00")...),
		"unknown flag of a message": entry(entryMessage, "\x00\x08\x00\x00\x00\x00\x00\x00"),
		"change without an origin":  change.buf,
		"message without a target":  target.buf,
		"length beyond the payload": {entryOrigin, 0xff, 0xff, 0xff, 0xff},
	}
	for name, payload := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			it := NewRecords(payload)
			if it.Next() {
				t.Fatalf("there is a record: %+v", it.Change())
			}
			if err := it.Err(); !errors.Is(err, ErrRecord) || IsTransient(err) {
				t.Errorf("got %v, want a permanent %v", err, ErrRecord)
			}
			if it.Next() || it.Change() != nil || it.Message() != nil {
				t.Error("it goes on behind an error")
			}
		})
	}
}

// FuzzRecords looks for payloads that panic, or that are read as something that
// would be written otherwise.
func FuzzRecords(f *testing.F) {
	var p packer
	p.origin(&fullOrigin)
	p.change(&fullChange)
	p.target(&fullTarget)
	p.message(&fullMessage)
	f.Add(p.buf)
	f.Add([]byte{entryOrigin, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, payload []byte) {
		it := NewRecords(payload)
		var once, again packer
		for it.Next() {
			pack(&once, it)
		}
		if it.Err() != nil {
			return
		}
		second := NewRecords(once.buf)
		for second.Next() {
			pack(&again, second)
		}
		if diff := cmp.Diff(once.buf, again.buf); second.Err() != nil || diff != "" {
			t.Errorf("error %v:\n%s", second.Err(), diff)
		}
	})
}

func pack(p *packer, it *Records) {
	if c := it.Change(); c != nil {
		p.origin(c.Origin)
		p.change(c)
		return
	}
	m := *it.Message()
	m.Target = 0
	if len(p.buf) > 0 { // targets are numbered through the payload
		m.Target = countTargets(p.buf)
	}
	p.target(it.Target())
	p.message(&m)
}

func countTargets(payload []byte) int {
	r := NewRecords(payload)
	for r.Next() { // all are to be read
	}
	return len(r.targets)
}
