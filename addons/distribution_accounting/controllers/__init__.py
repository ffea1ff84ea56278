from . import branch_pnl
