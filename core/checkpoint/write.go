package checkpoint

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
)

// minRoom is the least that a file has room for beside its first record. When it
// is used up, the file is made anew.
const minRoom = 1 << 20

var errTooLarge = errors.New("checkpoints are larger than 4 GiB; spread the sinks, or the tables, over several pipelines")

// log is a file that is written to.
type log struct {
	file file
	size int64
	last mark
	buf  []byte
}

// fits says whether a record with that payload can be added.
func (l *log) fits(payload []byte) bool {
	return l.last.end+recordSize+int64(len(payload)) <= l.size
}

// add writes a record and its mark, durably. After an error nobody knows what of
// it is on the disk: the log must not be written to any more.
func (l *log) add(payload []byte) error {
	next := mark{sequence: l.last.sequence + 1}
	l.buf, next.sum = appendRecord(l.buf[:0], l.last.sum, next.sequence, payload)
	next.end = l.last.end + int64(len(l.buf))
	if _, err := l.file.WriteAt(l.buf, l.last.end); err != nil {
		return err
	}
	if _, err := l.file.WriteAt(next.append(nil), markOffset(next.sequence)); err != nil {
		return err
	}
	if err := l.file.Sync(); err != nil {
		return err
	}
	l.last = next
	return nil
}

// encode returns a pipeline's file that begins with one record, which has all
// checkpoints, and ends with room for more.
func encode(owner string, sequence uint64, payload []byte, room int) ([]byte, mark, error) {
	if len(payload) > math.MaxUint32 {
		return nil, mark{}, errTooLarge
	}
	size := logOffset + recordSize + len(payload) + room
	b := appendHeader(make([]byte, 0, size), owner, int64(size))
	before := sum(b[len(b)-sumSize:])
	record, s := appendRecord(b[:logOffset], before, sequence, payload)
	first := mark{sequence: sequence, end: int64(len(record)), sum: s}
	raw := record[:size]
	for i := range uint64(2) {
		copy(raw[markOffset(i):], first.append(nil))
	}
	return raw, first, nil
}

// create makes a file under another name and puts it in its place once it is
// durable: at no moment is there an empty or a half one.
func create(d disk, path string, raw []byte) (file, error) {
	f, err := d.create(path + newSuffix)
	if err != nil {
		return nil, err
	}
	if err := fill(f, raw); err != nil {
		return nil, errors.Join(err, f.Close(), d.remove(path+newSuffix)) // it may be what fills the disk
	}
	if err := place(d, path); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func fill(f file, raw []byte) error {
	if _, err := f.WriteAt(raw, 0); err != nil {
		return err
	}
	return f.Sync()
}

func place(d disk, path string) error {
	if err := d.rename(path+newSuffix, path); err != nil {
		return err
	}
	return d.syncDir(filepath.Dir(path))
}

// createLog makes the file anew, with room for as much again, or what is the least.
func createLog(d disk, path string, sequence uint64, payload []byte, room int) (*log, error) {
	raw, first, err := encode(ownerOf(path), sequence, payload, max(room, len(payload)))
	if err != nil {
		return nil, err
	}
	f, err := create(d, path, raw)
	if err != nil {
		return nil, fmt.Errorf("make checkpoint file %s: %w", path, err)
	}
	return &log{file: f, size: int64(len(raw)), last: first}, nil
}
