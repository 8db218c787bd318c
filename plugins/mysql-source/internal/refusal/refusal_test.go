package refusal

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
)

func TestOf(t *testing.T) {
	t.Parallel()
	const at = "; the first event 'binlog.000001' at 4, the last event read from './binlog.000001' at 126."
	tests := map[string]struct {
		code    uint16
		message string
		limited bool
		want    Kind
		cure    string
	}{
		"twin":                {1236, "A replica with the same server_uuid/server_id as this replica has connected to the source" + at, false, Twin, "server_id"},
		"twin, before 8.0.26": {1236, "A slave with the same server_uuid/server_id as this slave has connected to the master" + at, false, Twin, "server_id"},
		"twin of MariaDB":     {sameID, "A slave with the same server_id is already connected" + at, false, Twin, "server_id"},
		"anonymous by file":   {1236, "Cannot replicate anonymous transaction when @@GLOBAL.GTID_MODE = ON, at file ./binlog.000003, position 197.", false, Setting, "ON_PERMISSIVE"},
		"anonymous by GTID":   {1236, "Cannot replicate anonymous transaction when AUTO_POSITION = 1, at file ./binlog.000003, position 197.", false, Mode, "FLUSH BINARY LOGS"},
		"GTIDs while OFF":     {1236, "Cannot replicate GTID-transaction when @@GLOBAL.GTID_MODE = OFF, at file ./binlog.000003, position 197.", false, Setting, "OFF_PERMISSIVE"},
		"by GTID while OFF":   {1236, "The replication sender thread cannot start in AUTO_POSITION mode: this server has GTID_MODE = OFF instead of ON.", false, Mode, "gtid_mode=ON"},
		"no number":           {1236, "Misconfigured source - source server_id is 0", false, Setting, "SET GLOBAL server_id"},
		"no number, MariaDB":  {1236, "Misconfigured master - server id was not set", false, Setting, "SET GLOBAL server_id"},
		"too large":           {1236, "log event entry exceeded max_allowed_packet; Increase max_allowed_packet on master" + at, true, Setting, "max_allowed_packet=1073741824"},
		"size damaged":        {1236, "log event entry exceeded max_allowed_packet; Increase max_allowed_packet on source" + at, false, Log, "replica of that server"},
		"cut":                 {1236, "binlog truncated in the middle of event; consider out of disk space on source" + at, false, Log, "restart the server"},
		"hole":                {1236, "could not find next log" + at, false, Log, "restore it"},
		"checksum":            {1236, "event read from binlog did not pass crc check" + at, false, Log, "replica of that server"},
		"beyond the end":      {1236, "Client requested source to start replication from position > file size", false, Place, ""},
		"first file gone":     {1236, "Could not find first log file name in binary log index file", false, Place, ""},
		"purged":              {1236, "Cannot replicate because the source purged required binary logs.", false, Place, ""},
		"more GTIDs":          {1236, "Slave has more GTIDs than the master has, using the master's SERVER_UUID.", false, Place, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := Of(fmt.Errorf("read: %w", &mysql.MyError{Code: tt.code, Message: tt.message}), tt.limited)
			if !ok || got.Kind != tt.want || !strings.Contains(got.Cure, tt.cure) {
				t.Errorf("got %+v, %v; want kind %d and %q", got, ok, tt.want, tt.cure)
			}
			if lost := got.Kind == Log || got.Kind == Place || got.Kind == Mode; !lost && strings.Contains(got.Cure, "snapshot") {
				t.Errorf("a new snapshot is advised where nothing is lost: %s", got.Cure)
			}
		})
	}
	for _, err := range []error{errors.New("position > file size"), &mysql.MyError{Code: 1227, Message: "Access denied"}} {
		if _, ok := Of(err, false); ok {
			t.Errorf("%v is taken for a refusal", err)
		}
	}
}
