package binlog

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// firstEvent is the offset of the first event in a file.
const firstEvent = 4

// Replica is how the server knows us among its replicas.
type Replica struct {
	ID uint32
	// Name makes the replica's uuid: a server ends an older dump of the same one.
	Name string
	// Host that SHOW REPLICAS shows.
	Host string
	// Heartbeat is how often the server says that it is there when nothing happens.
	Heartbeat time.Duration
	MariaDB   bool
}

// Dump has the server send its log: from a place in a file, without what is in set.
// One of them may be missing: without a place the server begins at the newest file
// before which it has executed nothing but set, as its index says, which knows of no
// transactions without GTIDs. The connection is of no other use afterwards.
func Dump(conn *client.Conn, replica Replica, set *gtid.Set, from position.Place) error {
	if err := prepare(conn, replica.session()); err != nil {
		return err
	}
	conn.ResetSequence()
	if err := conn.WritePacket(replica.register()); err != nil {
		return fmt.Errorf("register as replica, which needs REPLICATION SLAVE: %w", err)
	}
	if _, err := conn.ReadOKPacket(); err != nil {
		return fmt.Errorf("register as replica, which needs REPLICATION SLAVE: %w", err)
	}
	return ask(conn, replica.dump(set, from, 0))
}

// nonBlocking has the server end the dump where its log ends.
const nonBlocking = 1

// once has the server send its log up to the end to one whom it does not count
// among its replicas, as mysqlbinlog does.
func once(conn *client.Conn, mariaDB bool, set *gtid.Set, from position.Place) error {
	nobody := Replica{MariaDB: mariaDB}
	if err := prepare(conn, nobody.capabilities()); err != nil {
		return err
	}
	return ask(conn, nobody.dump(set, from, nonBlocking))
}

func prepare(conn *client.Conn, statements []string) error {
	for _, statement := range statements {
		if _, err := conn.Execute(statement); err != nil {
			return fmt.Errorf("prepare dump: %s: %w", statement, err)
		}
	}
	return nil
}

func ask(conn *client.Conn, dump []byte) error {
	conn.ResetSequence()
	if err := conn.WritePacket(dump); err != nil {
		return fmt.Errorf("ask for the binlog: %w", err)
	}
	return nil
}

func (r *Replica) session() []string {
	beat := r.Heartbeat.Nanoseconds()
	uuid := r.uuid()
	return append(r.capabilities(),
		fmt.Sprintf("SET @master_heartbeat_period=%d, @source_heartbeat_period=%d", beat, beat),
		fmt.Sprintf("SET @slave_uuid='%s', @replica_uuid='%s'", uuid, uuid),
	)
}

// capabilities are what a reader understands.
func (r *Replica) capabilities() []string {
	out := []string{"SET @master_binlog_checksum='NONE', @source_binlog_checksum='NONE'"}
	if r.MariaDB {
		out = append(out, "SET @mariadb_slave_capability=4")
	}
	return out
}

func (r *Replica) uuid() gtid.UUID {
	sum := sha256.Sum256(fmt.Appendf(nil, "leat %d %s", r.ID, r.Name))
	return gtid.UUID(sum[:16])
}

// register is COM_REGISTER_SLAVE.
func (r *Replica) register() []byte {
	host := r.Host[:min(len(r.Host), 60)]
	b := append(make([]byte, 4, 64), mysql.COM_REGISTER_SLAVE)
	b = binary.LittleEndian.AppendUint32(b, r.ID)
	b = append(append(b, byte(len(host))), host...)
	b = append(b, 0, 0)       // user and password are not shown to anyone
	b = append(b, 0, 0)       // port
	b = append(b, 0, 0, 0, 0) // rank, of no use
	return append(b, 0, 0, 0, 0)
}

// dump is COM_BINLOG_DUMP_GTID or COM_BINLOG_DUMP. The latter has 32 bits for
// the offset, so beyond 4 GiB the file is read from its start.
func (r *Replica) dump(set *gtid.Set, from position.Place, flags uint16) []byte {
	b := make([]byte, 4, 256)
	if set != nil {
		b = binary.LittleEndian.AppendUint16(append(b, mysql.COM_BINLOG_DUMP_GTID), flags)
		b = binary.LittleEndian.AppendUint32(b, r.ID)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(from.File))) // none for any file
		b = append(b, from.File...)
		b = binary.LittleEndian.AppendUint64(b, max(from.Pos, firstEvent))
		data := set.AppendBinary(nil)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
		return append(b, data...)
	}
	pos := uint32(firstEvent)
	if from.Pos > firstEvent && from.Pos <= math.MaxUint32 {
		pos = uint32(from.Pos)
	}
	b = append(b, mysql.COM_BINLOG_DUMP)
	b = binary.LittleEndian.AppendUint32(b, pos)
	b = binary.LittleEndian.AppendUint16(b, flags)
	b = binary.LittleEndian.AppendUint32(b, r.ID)
	return append(b, from.File...)
}
