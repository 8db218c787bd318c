package binlog

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/go-mysql-org/go-mysql/replication"
)

const (
	checksumSize = 4
	// algorithmAt is where a description of the format names the algorithm,
	// counted from its end: behind it stands room for a checksum.
	algorithmAt = checksumSize + 1
)

// checksums takes the checksums off events, once a description of the format
// has told that there are any.
type checksums struct{ on bool }

// check verifies the event's checksum and cuts it off.
func (c *checksums) check(e *Event) error {
	if e.Type == replication.FORMAT_DESCRIPTION_EVENT {
		var f replication.FormatDescriptionEvent
		if len(e.Body) < 2+50+4+1+algorithmAt {
			return fmt.Errorf("%w: description of the format of %d bytes", ErrDamaged, len(e.Body))
		}
		if err := f.Decode(e.Body); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		if c.on = f.ChecksumAlgorithm == replication.BINLOG_CHECKSUM_ALG_CRC32; !c.on {
			return nil
		}
		return verify(e.raw)
	}
	if !c.on {
		return nil
	}
	if len(e.Body) < checksumSize {
		return fmt.Errorf("%w: %v without a checksum", ErrDamaged, e.Type)
	}
	err := verify(e.raw)
	e.Body = e.Body[:len(e.Body)-checksumSize]
	e.raw = e.raw[:len(e.raw)-checksumSize]
	return err
}

func verify(raw []byte) error {
	at := len(raw) - checksumSize
	if got, want := crc32.ChecksumIEEE(raw[:at]), binary.LittleEndian.Uint32(raw[at:]); got != want {
		return fmt.Errorf("%w: checksum is %08x, the event says %08x", ErrDamaged, got, want)
	}
	return nil
}
