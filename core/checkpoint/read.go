package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// contents is what a file proves.
type contents struct {
	// owner is the pipeline that wrote it; empty in a file of the format before.
	owner    string
	sinks    image
	sequence uint64
	// doubt says why these may be the checkpoints before the newest; empty if they
	// are the newest for certain.
	doubt string
	// old says that the file is of the format before this one.
	old bool
}

// damaged is why a file proves nothing.
type damaged string

func (d damaged) Error() string { return string(d) }

// read decides what the bytes of a file say. Each record's checksum covers all
// before it, so the records up to the first that is not whole are as they were
// written; the marks tell how many there must be. The last one may be missing,
// as after a crash, when the one before it counts: no more than that.
func read(raw []byte) (*contents, error) {
	if len(raw) == 0 {
		return nil, damaged("the file is empty")
	}
	if isBbolt(raw) {
		return readBbolt(raw)
	}
	owner, before, err := readHeader(raw)
	if err != nil {
		return nil, err
	}
	l, err := readLog(raw, before)
	if err != nil {
		return nil, err
	}
	doubt, err := l.judge(raw)
	if err != nil {
		return nil, err
	}
	return &contents{owner: owner, sinks: l.sinks, sequence: l.last.sequence, doubt: doubt}, nil
}

func readHeader(raw []byte) (owner string, s sum, err error) {
	if len(raw) < len(magic) || string(raw[:len(magic)]) != magic {
		return "", sum{}, damaged("it does not begin as a checkpoint file does")
	}
	if len(raw) < ownerOffset || crc32.Checksum(raw[:12], castagnoli) != binary.BigEndian.Uint32(raw[12:]) {
		return "", sum{}, damaged("its header is damaged")
	}
	if v := binary.BigEndian.Uint32(raw[8:]); v != version {
		return "", sum{}, fmt.Errorf("%w: it has version %d of the format, this leat knows up to %d; run that version of leat", ErrNewer, v, version)
	}
	end := ownerOffset + int(binary.BigEndian.Uint16(raw[ownerOffset-2:]))
	if end > ownerOffset+maxOwner || len(raw) < end+sumSize {
		return "", sum{}, damaged("its header is damaged")
	}
	s = sha256.Sum256(raw[:end])
	if !bytes.Equal(s[:], raw[end:end+sumSize]) {
		return "", sum{}, damaged("its header is damaged")
	}
	if size := binary.BigEndian.Uint64(raw[16:]); size != uint64(len(raw)) || size < logOffset {
		return "", sum{}, damaged(fmt.Sprintf("it was made with %d bytes and has %d", size, len(raw)))
	}
	return string(raw[ownerOffset:end]), s, nil
}

// logged is the records of a file that are whole.
type logged struct {
	sinks image
	first uint64
	last  mark
	// sums of the last two records, by sequence modulo two.
	sums [2]sum
}

func readLog(raw []byte, before sum) (*logged, error) {
	l := &logged{sinks: image{}, last: mark{end: logOffset, sum: before}}
	for {
		payload, next, ok := nextRecord(raw, l.last)
		if !ok {
			break
		}
		steps, err := parseSteps(payload)
		if err != nil {
			return nil, damaged(fmt.Sprintf("record %d: %v", next.sequence, err))
		}
		l.sinks.apply(steps)
		if l.first == 0 {
			l.first = next.sequence
		}
		l.last = next
		l.sums[next.sequence%2] = next.sum
	}
	if l.first == 0 {
		return nil, damaged("its first record is damaged")
	}
	return l, nil
}

// nextRecord returns the record behind another, false if none is there that is whole.
func nextRecord(raw []byte, after mark) (payload []byte, m mark, ok bool) {
	rest := raw[after.end:]
	if len(rest) < recordSize {
		return nil, mark{}, false
	}
	size := int64(binary.BigEndian.Uint32(rest))
	if size == 0 || size > int64(len(rest)-recordSize) {
		return nil, mark{}, false
	}
	sequence := binary.BigEndian.Uint64(rest[4:])
	body := rest[:12+size]
	s := chain(after.sum, body)
	if !bytes.Equal(s[:], rest[12+size:recordSize+size]) {
		return nil, mark{}, false
	}
	if sequence == 0 || (after.sequence != 0 && sequence != after.sequence+1) {
		return nil, mark{}, false
	}
	return body[12:], mark{sequence: sequence, end: after.end + recordSize + size, sum: s}, true
}

// judge holds the records against the marks.
func (l *logged) judge(raw []byte) (doubt string, err error) {
	var newest uint64
	torn := [2]bool{}
	for i := range torn {
		m, ok := parseMark(raw[markOffset(uint64(i)):])
		if !ok {
			torn[i] = true
			continue
		}
		if err := l.agrees(m); err != nil {
			return "", err
		}
		newest = max(newest, m.sequence)
	}
	last := l.last.sequence
	switch {
	case newest == 0:
		return "", damaged("both of its marks are damaged, which say how many records there are")
	case newest > last+1:
		return "", damaged(fmt.Sprintf("record %d is damaged, and the newest one is %d", last+1, newest))
	case newest == last+1:
		return fmt.Sprintf("record %d, the newest, is damaged or was not written in full", newest), nil
	case newest == last && torn[(last+1)%2]:
		return fmt.Sprintf("the mark of record %d is damaged or was not written in full, and so may be that record", last+1), nil
	}
	return "", nil
}

// agrees sees that a mark is of these records.
func (l *logged) agrees(m mark) error {
	last := l.last.sequence
	if m.sequence < l.first || (m.sequence+1 >= last && m.sequence <= last && m.sum != l.sums[m.sequence%2]) {
		return damaged(fmt.Sprintf("its mark of record %d is of other records than those of the file", m.sequence))
	}
	return nil
}
