package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
)

// The bytes of a file; README.md explains them.
const (
	magic   = "leatckpt"
	version = 1

	// Header and marks have a block of their own each: what tears one write of a
	// disk leaves the others.
	blockSize = 4096
	logOffset = 3 * blockSize
	sumSize   = sha256.Size
	// ownerOffset is where the pipeline's name begins; its length is before it.
	ownerOffset = len(magic) + 4 + 4 + 8 + 2
	// maxOwner is more than a file's name can be long.
	maxOwner = 1 << 10
	markSize = 8 + 8 + 2*sumSize
	// recordSize is what a record takes beside its payload.
	recordSize = 4 + 8 + sumSize
)

type sum = [sumSize]byte

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendHeader begins a pipeline's file of so many bytes. All versions begin with
// the first three fields: so a newer file is known from a damaged one.
func appendHeader(b []byte, owner string, size int64) []byte {
	b = append(b, magic...)
	b = binary.BigEndian.AppendUint32(b, version)
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	b = binary.BigEndian.AppendUint64(b, uint64(size))
	b = binary.BigEndian.AppendUint16(b, uint16(len(owner)))
	b = append(b, owner...)
	s := sha256.Sum256(b)
	return append(b, s[:]...)
}

// mark says which record was written last, where it ends, and its checksum.
type mark struct {
	sequence uint64
	end      int64
	sum      sum
}

// markOffset returns where the mark of a record is. Those of two records that
// follow each other are in different places: a write spoils only the older one.
func markOffset(sequence uint64) int64 { return blockSize * int64(1+sequence%2) }

func (m mark) append(b []byte) []byte {
	start := len(b)
	b = binary.BigEndian.AppendUint64(b, m.sequence)
	b = binary.BigEndian.AppendUint64(b, uint64(m.end))
	b = append(b, m.sum[:]...)
	s := sha256.Sum256(b[start:])
	return append(b, s[:]...)
}

// parseMark returns false for one that is torn or damaged.
func parseMark(b []byte) (mark, bool) {
	m := mark{sequence: binary.BigEndian.Uint64(b), end: int64(binary.BigEndian.Uint64(b[8:])), sum: sum(b[16:])}
	return m, bytes.Equal(m.append(nil), b[:markSize])
}

// appendRecord writes a record whose checksum covers all that was before it.
func appendRecord(b []byte, before sum, sequence uint64, payload []byte) ([]byte, sum) {
	start := len(b)
	b = binary.BigEndian.AppendUint32(b, uint32(len(payload)))
	b = binary.BigEndian.AppendUint64(b, sequence)
	b = append(b, payload...)
	s := chain(before, b[start:])
	return append(b, s[:]...), s
}

func chain(before sum, record []byte) sum {
	h := sha256.New()
	h.Write(before[:])
	h.Write(record)
	return sum(h.Sum(nil))
}
