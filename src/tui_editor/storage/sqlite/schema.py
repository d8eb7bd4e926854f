"""Tables of the SQLite store, and the numbered steps by which older stores become newer ones."""

from __future__ import annotations

APPLICATION_ID = 0x54554945
"""`TUIE` in the file's header: tells our store from any other database."""

_FIRST = """
create table meta (key text primary key, value) without rowid;
create table project (one integer primary key check (one = 1), data blob not null);

-- `num` is the task's number within this store: small, ascending, so that what belongs to a task lies together.
-- `rank` is the negative priority: the queue is then one ascending walk of an index.
create table task (
  num integer primary key,
  id integer not null unique,
  title text not null,
  folded text not null,
  stage text not null,
  state text not null,
  assignee text not null,
  author text not null,
  reviewer text not null,
  rank real not null,
  kind text not null,
  frame_count integer not null,
  label_count integer not null,
  issue_count integer not null,
  seq integer not null,
  updated_ms integer not null
);
create index task_by_rank on task (rank, id);
create index task_by_stage on task (stage, rank, id);
create index task_by_state on task (stage, state, rank, id);
create index task_by_assignee on task (assignee, rank, id) where assignee <> '';
create index task_by_issues on task (rank, id) where issue_count > 0;
create table task_body (task integer primary key references task (num) on delete cascade, data blob not null);

create table instance (
  task integer not null references task (num) on delete cascade,
  id integer not null,
  class_id text not null,
  data blob not null,
  primary key (task, id)
) without rowid;
-- The number after that of a deleted instance: ordinals are not given twice.
create table ordinal (
  task integer not null references task (num) on delete cascade,
  class_id text not null,
  next integer not null,
  primary key (task, class_id)
) without rowid;
-- The labels of an instance on frames 256 * piece .. 256 * piece + 255 of a data unit.
-- A row may be long: in a table without rowid every comparison on the way to a key would read the whole row.
create table chunk (
  id integer primary key,
  task integer not null references task (num) on delete cascade,
  unit integer not null,
  instance integer not null,
  piece integer not null,
  kind text not null,
  first integer not null,
  last integer not null,
  n integer not null,
  data blob not null
);
create unique index chunk_by_place on chunk (task, unit, instance, piece);
create table issue (
  task integer not null references task (num) on delete cascade,
  id integer not null,
  resolved integer not null,
  data blob not null,
  primary key (task, id)
) without rowid;
create table decision (
  task integer not null references task (num) on delete cascade,
  instance integer not null,
  data blob not null,
  primary key (task, instance)
) without rowid;
-- `patch` holds before and after, so that an entry can be done and undone from itself.
-- `id` is task * 2^32 + seq: a task's entries lie together and in order, without another index.
create table journal (
  id integer primary key,
  task integer not null references task (num) on delete cascade,
  seq integer not null,
  kind text not null,
  person text not null,
  session text not null,
  command text not null,
  at_ms integer not null,
  undoes integer,
  undone integer not null default 0,
  idem text not null,
  patch blob not null
);
create unique index journal_by_idem on journal (task, idem) where idem <> '';
create table lease (
  task integer primary key references task (num) on delete cascade,
  fence integer not null,
  session text not null,
  person text not null,
  host text not null,
  tty text not null,
  pid integer not null,
  boot_id text not null,
  acquired_ms integer not null,
  expires_ms integer not null,
  expires_boot_ms integer not null
);
create table view (
  task integer not null references task (num) on delete cascade,
  person text not null,
  data blob not null,
  primary key (task, person)
) without rowid;
create table last_task (person text primary key, task integer not null references task (num) on delete cascade)
  without rowid;
create table identity (
  unit integer not null,
  frame integer not null,
  algorithm text not null,
  digest text not null,
  pts integer,
  primary key (unit, frame)
) without rowid;
"""

# The place that an edit left goes with its journal entry, and number and time of the last edit are those of the last
# entry: an edit that changes no count writes nothing to `task`. `view.seq` is the last entry when the place was kept.
_PLACES = """
alter table journal add column view blob;
alter table view add column seq integer not null default 0;
alter table task drop column seq;
alter table task drop column updated_ms;
"""

# What the workflow asks of the queue. Who takes the next task walks along `task_free`, whatever is assigned before it.
# Titles are found by three letters in a row; `tally` spares counting a million tasks. Triggers keep both up; what is
# added is written by the batch.
_QUEUE = """
alter table task add column group_key text not null default '';
alter table task add column parent integer not null default 0;
alter table task add column branch text not null default '';
create index task_free on task (stage, rank, id) where assignee = '' and state in ('new', 'released', 'reopened');
create index task_by_kind on task (kind, rank, id);
create index task_by_title on task (folded, id);
create index task_by_group on task (group_key) where group_key <> '';
create index task_by_parent on task (parent) where parent <> 0;

create table metadata (
  key text not null,
  value text not null,
  rank real not null,
  id integer not null,
  task integer not null references task (num) on delete cascade,
  primary key (key, value, rank, id)
) without rowid;
create index metadata_by_task on metadata (task);
insert or ignore into metadata
  select pair.value ->> 0, pair.value ->> 1, task.rank, task.id, task.num
  from task join task_body on task_body.task = task.num, json_each(metadata_of(task_body.data)) as pair;

create virtual table title using fts5 (
  folded, content = 'task', content_rowid = 'num', tokenize = 'trigram case_sensitive 1'
);
insert into title (title) values ('rebuild');
create trigger title_gone after delete on task begin
  insert into title (title, rowid, folded) values ('delete', old.num, old.folded);
end;
create trigger title_changed after update of folded on task when old.folded <> new.folded begin
  insert into title (title, rowid, folded) values ('delete', old.num, old.folded);
  insert into title (rowid, folded) values (new.num, new.folded);
end;

create table tally (stage text not null, state text not null, n integer not null, primary key (stage, state))
  without rowid;
insert into tally select stage, state, count(*) from task group by stage, state;
create trigger tally_gone after delete on task begin
  update tally set n = n - 1 where stage = old.stage and state = old.state;
end;
create trigger tally_changed after update of stage, state on task begin
  update tally set n = n - 1 where stage = old.stage and state = old.state;
  insert into tally values (new.stage, new.state, 1) on conflict do update set n = n + 1;
end;
"""

# What people are told of: moves of tasks, and what is said in issues. Edits of labels leave this index alone.
NEWS = "kind in ('assign', 'workflow') or substr(command, 1, 6) = 'issue.'"
_NEWS = f"""
create index journal_by_news on journal (at_ms) where {NEWS};
"""

# What was done with the project as a whole. `last_ms` is when it began or ended.
_ACTIVITIES = """
create table activity (number integer primary key, last_ms integer not null, data blob not null);
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _PLACES, _QUEUE, _NEWS, _ACTIVITIES)
"""Step i brings a store of version i to version i + 1. Append only: stores of every version are out there."""
